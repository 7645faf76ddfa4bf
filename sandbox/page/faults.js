// SPDX-License-Identifier: MIT
// The drawer's second side: faults with a switch each and a sentence on what they do, and things that happen once.

import { byId, h } from "./dom.js";
import { state } from "./state.js";
import { isFeishu, setPrefs } from "./prefs.js";
import { t } from "./i18n.js";
import { act } from "./live.js";
import { confirmAsk, told } from "./dialog.js";

// In either room; what only the one platform has stands apart.
const FAULTS = ["rate_limit", "server_error", "drop_before", "drop_after", "drop_greeting", "drop_event", "drop_ack", "lose_acks", "duplicate_events", "swap_events", "garbage", "silence", "refuse_connections"];
const OWN = { slack: ["no_scans"], feishu: ["expired_token", "lose_fragment"] };
const faults = () => [...FAULTS, ...OWN[isFeishu() ? "feishu" : "slack"]];
const REASONS = ["warning", "refresh_requested", "link_disabled", "too_many_websockets"];

export const activeFaults = () => [...FAULTS, ...OWN.slack, ...OWN.feishu, "api_error"].filter((name) => state.faults[name]);

export function faultsPanel() {
	return h("div", { class: "faults", testid: "faults" },
		h("p", { class: "hint" }, t("fault.intro")),
		h("div", { class: "fault-list" }, faults().map(faultSwitch)),
		errorForm(), scopeForm(), isFeishu() && settings(), onceForm());
}

function faultSwitch(name) {
	const set = (event) => told(act({ do: "faults", [name]: event.currentTarget.checked, ...scope() }));
	return h("label", { class: "fault" },
		h("input", { type: "checkbox", role: "switch", class: "switch", checked: Boolean(state.faults[name]), testid: `fault-${name}`, onchange: set, "aria-describedby": `why-${name}` }),
		h("span", null, h("strong", null, t(`fault.${name}`)), h("span", { class: "hint", id: `why-${name}` }, t(`fault.${name}.why`))));
}

// A call fails with the platform's own word or number for it.
function errorForm() {
	const error = h("input", { class: "input", type: "text", value: state.faults.api_error ?? "", placeholder: isFeishu() ? "230020" : "fatal_error", testid: "fault-api_error", id: "fault-api-error" });
	const send = (event) => {
		event.preventDefault();
		told(act({ do: "faults", api_error: error.value.trim(), ...scope() }));
	};
	return h("form", { class: "fault-scope", onsubmit: send }, h("label", { for: "fault-api-error" }, t("fault.api_error")), error, h("button", { class: "btn", type: "submit", testid: "fault-api_error-set" }, t("fault.apply")));
}

// How often and for which methods, as it stands in the form: goes with every switch, for the server takes them anew each time.
const scope = () => ({
	times: Math.max(0, Math.trunc(Number(byId("fault-times").value) || 0)),
	methods: byId("fault-methods").value.split(/[\s,，]+/).filter(Boolean),
});

function scopeForm() {
	const times = h("input", { class: "input input-short", type: "number", min: "0", step: "1", value: String(state.faults.times ?? 0), testid: "fault-times", id: "fault-times" });
	const methods = h("input", { class: "input", type: "text", value: (state.faults.methods ?? []).join(", "), testid: "fault-methods", id: "fault-methods", placeholder: isFeishu() ? "im.message.create" : "chat.postMessage" });
	const send = (event) => {
		event.preventDefault();
		told(act({ do: "faults", ...scope() }));
	};
	return h("form", { class: "fault-scope", onsubmit: send },
		h("label", { for: "fault-times" }, t("fault.times")), times,
		h("label", { for: "fault-methods" }, t("fault.methods")), methods,
		h("button", { class: "btn", type: "submit", testid: "fault-apply" }, t("fault.apply")));
}

function onceForm() {
	const reason = h("select", { class: "input", "aria-label": t("fault.reason"), testid: "disconnect-reason" }, REASONS.map((r) => h("option", { value: r }, r)));
	const frame = h("input", { class: "input", type: "text", "aria-label": t("fault.frameText"), placeholder: "{\"type\":", testid: "frame-text" });
	const button = (testid, text, run, danger) => h("button", { class: danger ? "btn danger" : "btn", type: "button", testid, onclick: run }, text);
	return h("fieldset", { class: "fault-once" }, h("legend", null, t("fault.once")),
		!isFeishu() && h("div", { class: "row" }, reason, button("disconnect", t("fault.disconnect"), () => told(act({ do: "disconnect", reason: reason.value })))),
		h("div", { class: "row" }, frame, button("frame-send", t("fault.frame"), () => told(act({ do: "frame", text: frame.value })))),
		h("div", { class: "row" }, button("drop-connections", t("fault.drop"), () => told(act({ do: "drop_connections" }))),
			button("reset", t("fault.reset"), reset, true)));
}

// How Feishu is set: what it does on the wire, and the calls that a month has.
const SWITCHES = ["edit_events", "fragment_reverse", "fragment_repeat"];
const NUMBERS = ["fragment_bytes", "ping_interval_s", "quota", "used"];
const CODES = [0, 1, 403, 514, 1000040343, 1000040345, 1000040350, 1000040351];

function settings() {
	const { settings: now = {}, quota = {} } = state.feishu;
	const set = (patch) => told(act({ do: "feishu", ...patch }));
	const valueOf = (name) => (name === "used" ? quota.used : now[name]) ?? 0;
	const flag = (name) => h("label", { class: "choice" }, h("input", { type: "checkbox", checked: Boolean(now[name]), testid: `feishu-${name}`, onchange: (event) => set({ [name]: event.currentTarget.checked }) }), h("span", null, t(`setting.${name}`)));
	const amount = (name) => h("label", { class: "row" }, t(`setting.${name}`), h("input", { class: "input input-short", type: "number", min: "0", value: String(valueOf(name)), testid: `feishu-${name}`, onchange: (event) => set({ [name]: Number(event.currentTarget.value) || 0 }) }));
	const code = h("select", { class: "input", testid: "feishu-endpoint_code", onchange: (event) => set({ endpoint_code: Number(event.currentTarget.value) }) }, CODES.map((one) => h("option", { value: String(one), selected: one === (now.endpoint_code ?? 0) }, one === 0 ? t("setting.none") : String(one))));
	return h("fieldset", { class: "fault-once" }, h("legend", null, t("setting.title")), SWITCHES.map(flag), NUMBERS.map(amount), h("label", { class: "row" }, t("setting.endpoint_code"), code));
}

async function reset() {
	if (!await confirmAsk({ title: t("fault.reset"), text: t("fault.resetAsk"), yes: t("fault.reset"), danger: true }))
		return;
	if ((await told(act({ do: "reset" }))).ok)
		setPrefs({ thread: "" });
}

// SPDX-License-Identifier: MIT
// What the page knows of the workspace: the server's state, kept true by the deltas that the live socket brings, and
// who wants to hear of which part. Pure data; nothing here touches the document except to wait for the next frame.

export const state = {
	ready: false, online: false,
	workspace: {}, app: {}, members: new Map(), channels: new Map(), messages: new Map(),
	views: new Map(), errors: new Map(), homes: new Map(), commands: [],
	clock: { now_ms: Date.now(), frozen: false, zone: "UTC", at: performance.now() },
	faults: {}, connections: 0, log: [], feishu: {}, usual_room: "slack", recalled: new Map(), notices: [],
};

const LOG_KEPT = 1000;
const listeners = new Map();
const dirty = new Set();
let scheduled = false;
let drawing = false;

// Topics: messages, channels, members, view, errors, home, clock, faults, connections, log, feishu,
// notices, online, prefs, all.
export function on(topics, fn) {
	for (const topic of topics.split(" ")) {
		if (!listeners.has(topic))
			listeners.set(topic, new Set());
		listeners.get(topic).add(fn);
	}
}

// Many changes in one frame are drawn once. A hidden page gets no frames, so a timer stands behind.
export function changed(...topics) {
	topics.forEach((topic) => dirty.add(topic));
	if (scheduled)
		return;
	scheduled = true;
	if (document.hidden)
		setTimeout(flush, 50);
	else
		requestAnimationFrame(flush);
}

// Draws what changed at once: who pressed a name and types on, types into the place that he sees. What a listener
// changes waits for the next frame.
export function drawNow() {
	if (!drawing)
		flush();
}

function flush() {
	scheduled = false;
	if (dirty.size === 0)
		return;
	// Who listens to "all" puts things straight before the others draw.
	const topics = dirty.has("all") ? ["all", ...listeners.keys()] : [...dirty];
	dirty.clear();
	const due = new Set(topics.flatMap((topic) => [...(listeners.get(topic) ?? [])]));
	drawing = true;
	try {
		due.forEach((fn) => fn());
	} finally {
		drawing = false;
	}
}

const indexed = (list) => new Map((list ?? []).map((item) => [item.id, item]));
const entries = (object) => new Map(Object.entries(object ?? {}));

export function adopt(whole) {
	Object.assign(state, {
		ready: true, workspace: whole.workspace ?? {}, app: whole.app ?? {},
		members: indexed(whole.members), channels: indexed(whole.channels), messages: entries(whole.messages),
		views: entries(whole.views), errors: new Map(), homes: entries(whole.homes), commands: whole.commands ?? [],
		faults: whole.faults ?? {}, connections: whole.connections ?? 0, log: (whole.log ?? []).slice(-LOG_KEPT),
		feishu: whole.feishu ?? {}, usual_room: whole.feishu?.used && !whole.slack_used ? "feishu" : "slack", recalled: new Map(),
		rooms: whole.rooms,
	});
	setClock(whole.clock ?? {});
	changed("all");
}

const DELTAS = {
	hello: (d) => adopt(d.state),
	message: (d) => { putMessage(d.channel, d.message); changed("messages"); },
	deleted: (d) => { dropMessage(d.channel, d.ts); changed("messages"); },
	channel: (d) => { state.channels.set(d.channel.id, d.channel); changed("channels"); },
	member: (d) => { state.members.set(d.member.id, d.member); changed("members"); },
	view: (d) => { putView(d.user, d.view); changed("view"); },
	view_errors: (d) => { state.errors.set(d.view_id, d.errors); changed("errors"); },
	home: (d) => { state.homes.set(d.user, d.view); changed("home"); },
	clock: (d) => { setClock(d); changed("clock"); },
	faults: (d) => { state.faults = d.faults; changed("faults"); },
	connections: (d) => { state.connections = d.count; changed("connections"); },
	log: (d) => { putLog(d.entry); changed("log"); },
	feishu: (d) => { state.feishu = d.feishu; changed("feishu"); },
	notice: (d) => { state.notices.push(d); changed("notices"); },
};

export function apply(delta) {
	DELTAS[delta.type]?.(delta);
}

function messagesOf(channel) {
	if (!state.messages.has(channel))
		state.messages.set(channel, []);
	return state.messages.get(channel);
}

// New messages nearly always belong at the end, so the place is looked for from there. A ts has one length until
// the year 2286, so text compares as time.
function putMessage(channel, message) {
	const list = messagesOf(channel);
	let i = list.length;
	while (i > 0 && list[i - 1].ts > message.ts)
		i--;
	if (i > 0 && list[i - 1].ts === message.ts)
		list[i - 1] = message;
	else
		list.splice(i, 0, message);
}

function dropMessage(channel, ts) {
	const list = messagesOf(channel);
	const i = list.findIndex((message) => message.ts === ts);
	if (i < 0)
		return;
	const [gone] = list.splice(i, 1);
	if (!gone.ephemeral_to)
		state.recalled.set(channel, [...(state.recalled.get(channel) ?? []), { ...gone, recalled: true, reactions: [] }]);
}

function putView(user, view) {
	if (view)
		state.views.set(user, view);
	else
		state.views.delete(user);
	if (view)
		state.errors.delete(view.id);
}

function putLog(entry) {
	state.log.push(entry);
	if (state.log.length > LOG_KEPT)
		state.log.splice(0, state.log.length - LOG_KEPT);
}

function setClock(clock) {
	Object.assign(state.clock, clock, { at: performance.now() });
}

// The sandbox's time now: the last told, moved on by ours unless it stands.
export function now() {
	const { now_ms, frozen, at } = state.clock;
	return frozen ? now_ms : now_ms + Math.round(performance.now() - at);
}

export const member = (id) => state.members.get(id);
export const channel = (id) => state.channels.get(id);
export const isApp = (id) => id === state.app.bot_user || id === state.app.bot_id;

export function memberName(id) {
	const found = state.members.get(id);
	return found ? found.display_name || found.real_name || found.name : id;
}

// Who can be acted as: people who are still here.
export function people() {
	return [...state.members.values()].filter((m) => !m.is_bot && !m.deleted);
}

// What only quotes another one stands in no thread; so Feishu has it, Slack does not know it.
const isReply = (m, quotes) => m.thread_ts && m.thread_ts !== m.ts && !(quotes && m.quotes);
const visibleTo = (m, as) => !m.ephemeral_to || m.ephemeral_to === as;

// As Slack shows it, or as Feishu does: there a quoting reply stands in the chat itself, and what was recalled leaves a line
// for as long as the page is open.
function all(id, feishu) {
	const list = state.messages.get(id) ?? [];
	const gone = feishu ? state.recalled.get(id) ?? [] : [];
	return gone.length > 0 ? [...list, ...gone].sort((a, b) => (a.ts < b.ts ? -1 : 1)) : list;
}

export function channelMessages(id, as, feishu = false) {
	return all(id, feishu).filter((m) => visibleTo(m, as) && (!isReply(m, feishu) || m.subtype === "thread_broadcast"));
}

export function threadMessages(id, root, as, feishu = false) {
	return all(id, feishu).filter((m) => visibleTo(m, as) && (m.ts === root || (m.thread_ts === root && isReply(m, feishu))));
}

export const message = (id, ts) => (state.messages.get(id) ?? []).find((m) => m.ts === ts);

export function directWithBot(as) {
	return [...state.channels.values()].find((c) => c.kind === "im" && c.user === as);
}

// The place that an address names. "dm", a person's conversation with the app, is there to be written in before the
// server has opened it.
export function placeOf(name, as) {
	return name === "dm" ? directWithBot(as) ?? { id: "dm", kind: "im", user: as } : channel(name);
}

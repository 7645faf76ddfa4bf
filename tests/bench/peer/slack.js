// SPDX-License-Identifier: MIT
// The bench's peer on Slack: what a good programmer writes on Slack's own SDK for Belltower's job. It stores the standup and answers with
// a reaction, which the SDK repeats when it fails. It posts no board.
//
// node slack.js DATABASE; LOAD_URL: the Web API's address.
import bolt from "@slack/bolt";
import webApi from "@slack/web-api";
import { parse, Store } from "./store.js";

const store = new Store(process.argv[2]);
const app = new bolt.App({
	token: "xoxb-load",
	appToken: "xapp-1-load",
	socketMode: true,
	logLevel: bolt.LogLevel.ERROR,
	clientOptions: { slackApiUrl: process.env.LOAD_URL, retryConfig: webApi.retryPolicies.tenRetriesInAboutThirtyMinutes },
});

app.message(async ({ message: { channel, user, ts, text }, body, client }) => {
	const parts = text && parse(text);
	if (parts && store.put(body.event_id, { channel, person: user, ms: Number(ts) * 1000, message: ts }, parts))
		await client.reactions.add({ channel, timestamp: ts, name: "white_check_mark" });
});

process.on("SIGTERM", async () => {
	await app.stop();
	store.close();
	process.exit(0);
});
await app.start();

// SPDX-License-Identifier: MIT
// The bench's peer on Feishu: what a good programmer writes on Feishu's own SDK for Belltower's job. It stores the standup and answers
// with a reaction; the SDK answers the frame when that is done, as in the SDK's own examples, so that what crashes between comes
// again: then the reaction is repeated, which makes no second one. It posts no board.
//
// node feishu.js DATABASE; LOAD_URL: the platform's address.
import lark from "@larksuiteoapi/node-sdk";
import { parse, Store } from "./store.js";

const store = new Store(process.argv[2]);
const app = { appId: "cli_00000000000010ad", appSecret: "load", domain: process.env.LOAD_URL, loggerLevel: lark.LoggerLevel.error };
const client = new lark.Client(app), socket = new lark.WSClient(app);

async function answer({ sender, message: { message_id, chat_id, create_time, message_type, content } }) {
	const parts = message_type === "text" && parse(JSON.parse(content).text);
	if (!parts)
		return;
	store.put(message_id, { channel: chat_id, person: sender.sender_id.open_id, ms: Number(create_time), message: message_id }, parts);
	await client.im.messageReaction.create({ path: { message_id }, data: { reaction_type: { emoji_type: "DONE" } } });
}

process.on("SIGTERM", () => {
	socket.close({ force: true });
	store.close();
	process.exit(0);
});
await socket.start({ eventDispatcher: new lark.EventDispatcher({ loggerLevel: lark.LoggerLevel.error }).register({ "im.message.receive_v1": answer }) });

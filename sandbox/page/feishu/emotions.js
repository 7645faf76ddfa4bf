// SPDX-License-Identifier: MIT
// The emoji that Feishu's people choose below messages, by type. Which there are, and what Slack calls them, the server tells
// (state.feishu.reactions); here is how they look: a picture, or words on a plate, as Feishu draws some of its own.

const FACES = {
	DONE: ["✅", "完成", "Done"], THUMBSUP: ["👍", "赞", "Thumbs up"], ThumbsDown: ["👎", "踩", "Thumbs down"], OK: ["👌", "OK", "OK"],
	CheckMark: ["✔️", "对勾", "Check mark"], CrossMark: ["❌", "叉号", "Cross mark"], APPLAUSE: ["👏", "鼓掌", "Applause"], CLAP: ["🙌", "拍手", "Clap"],
	MUSCLE: ["💪", "强", "Muscle"], FISTBUMP: ["👊", "碰拳", "Fist bump"], HEART: ["❤️", "爱心", "Heart"], LOVE: ["😍", "爱慕", "Love"],
	CAKE: ["🎂", "蛋糕", "Cake"], GIFT: ["🎁", "礼物", "Gift"], PARTY: ["🎉", "庆祝", "Party"], FIREWORKS: ["🎆", "烟花", "Fireworks"],
	FIRECRACKER: ["🧨", "鞭炮", "Firecracker"], Fire: ["🔥", "火", "Fire"], Trophy: ["🏆", "奖杯", "Trophy"], REDPACKET: ["🧧", "红包", "Red packet"],
	THANKS: ["🙏", "感谢", "Thanks"], Alarm: ["⏰", "闹钟", "Alarm"], Pin: ["📌", "图钉", "Pin"], Hundred: ["💯", "满分", "Hundred"], Typing: ["⌨️", "敲键盘", "Typing"],
	ERROR: ["⛔", "错误", "Error"], GeneralWorkFromHome: ["🏠", "居家办公", "Working from home"], GeneralBusinessTrip: ["✈️", "出差", "On a business trip"],
	GeneralDoNotDisturb: ["🔕", "勿扰", "Do not disturb"],
};

const PLATES = {
	OnIt: ["在办", "在办", "On it"], LGTM: ["LGTM", "看着不错", "Looks good to me"], JIAYI: ["+1", "加一", "Plus one"], Get: ["get", "了解", "Got it"], Yes: ["Yes", "是", "Yes"],
	No: ["No", "否", "No"], GoGoGo: ["冲", "冲冲冲", "Go go go"], OneSecond: ["等等", "稍等", "One second"],
};

// {type, picture, isPlate, names: [zh, en]}, or null for a type that Feishu does not have.
export function emotion(type) {
	const found = FACES[type] ?? PLATES[type];
	return Array.isArray(found) ? { type, picture: found[0], isPlate: Object.hasOwn(PLATES, type), names: found.slice(1) } : null;
}

// Those next to a message when one points at it.
export const QUICK = ["THUMBSUP", "DONE"];

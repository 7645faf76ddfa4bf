// SPDX-License-Identifier: MIT
// The common emoji by the names that Slack gives them. A name that is not here is shown as :name:.

const LIST = `
grinning 😀|smiley 😃|smile 😄|grin 😁|laughing 😆|sweat_smile 😅|joy 😂|rolling_on_the_floor_laughing 🤣|slightly_smiling_face 🙂|upside_down_face 🙃
wink 😉|blush 😊|innocent 😇|heart_eyes 😍|star-struck 🤩|kissing_heart 😘|yum 😋|stuck_out_tongue 😛|zany_face 🤪|hugging_face 🤗
thinking_face 🤔|zipper_mouth_face 🤐|neutral_face 😐|expressionless 😑|no_mouth 😶|smirk 😏|unamused 😒|face_with_rolling_eyes 🙄|grimacing 😬|relieved 😌
pensive 😔|sleepy 😪|sleeping 😴|mask 😷|face_with_thermometer 🤒|dizzy_face 😵|exploding_head 🤯|sunglasses 😎|nerd_face 🤓|partying_face 🥳
confused 😕|worried 😟|open_mouth 😮|astonished 😲|flushed 😳|pleading_face 🥺|fearful 😨|cold_sweat 😰|cry 😢|sob 😭
scream 😱|disappointed 😞|sweat 😓|weary 😩|tired_face 😫|triumph 😤|rage 😡|angry 😠|skull 💀|clown_face 🤡
ghost 👻|robot_face 🤖|wave 👋|raised_hand ✋|ok_hand 👌|v ✌️|crossed_fingers 🤞|call_me_hand 🤙|point_left 👈|point_right 👉
point_up_2 👆|point_down 👇|+1 👍|-1 👎|fist ✊|facepunch 👊|clap 👏|raised_hands 🙌|open_hands 👐|handshake 🤝
pray 🙏|writing_hand ✍️|muscle 💪|eyes 👀|eye 👁️|brain 🧠|speaking_head_in_silhouette 🗣️|bust_in_silhouette 👤|busts_in_silhouette 👥|man-bowing 🙇‍♂️
heart ❤️|orange_heart 🧡|yellow_heart 💛|green_heart 💚|blue_heart 💙|purple_heart 💜|black_heart 🖤|broken_heart 💔|sparkling_heart 💖|100 💯
boom 💥|dash 💨|sweat_drops 💦|zzz 💤|speech_balloon 💬|thought_balloon 💭|dog 🐶|cat 🐱|panda_face 🐼|tiger 🐯
turtle 🐢|snail 🐌|bee 🐝|unicorn_face 🦄|cherry_blossom 🌸|rose 🌹|sunflower 🌻|seedling 🌱|four_leaf_clover 🍀|sun_with_face 🌞
sunny ☀️|cloud ☁️|rain_cloud 🌧️|snowflake ❄️|rainbow 🌈|ocean 🌊|fire 🔥|star ⭐|star2 🌟|sparkles ✨
zap ⚡|crescent_moon 🌙|apple 🍎|watermelon 🍉|pizza 🍕|hamburger 🍔|rice 🍚|dumpling 🥟|cake 🍰|birthday 🎂
coffee ☕|tea 🍵|beer 🍺|beers 🍻|clinking_glasses 🥂|champagne 🍾|soccer ⚽|basketball 🏀|trophy 🏆|sports_medal 🏅
first_place_medal 🥇|second_place_medal 🥈|third_place_medal 🥉|dart 🎯|video_game 🎮|art 🎨|musical_note 🎵|tada 🎉|confetti_ball 🎊|balloon 🎈
gift 🎁|ribbon 🎀|red_envelope 🧧|izakaya_lantern 🏮|car 🚗|airplane ✈️|rocket 🚀|ship 🚢|train 🚆|bike 🚲
house 🏠|office 🏢|hospital 🏥|world_map 🗺️|earth_asia 🌏|watch ⌚|iphone 📱|computer 💻|telephone_receiver 📞|bulb 💡
moneybag 💰|dollar 💵|yen 💴|gem 💎|hammer 🔨|wrench 🔧|gear ⚙️|link 🔗|key 🔑|lock 🔒
mag 🔍|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢|e-mail 📧|envelope ✉️|inbox_tray 📥|outbox_tray 📤|package 📦
memo 📝|pencil2 ✏️|clipboard 📋|pushpin 📌|round_pushpin 📍|paperclip 📎|scissors ✂️|file_folder 📁|calendar 📅|date 📆
bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|books 📚|book 📖|newspaper 📰|hourglass ⌛|hourglass_flowing_sand ⏳|alarm_clock ⏰|stopwatch ⏱️
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|exclamation ❗|question ❓|grey_exclamation ❕|grey_question ❔|bangbang ‼️
warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|sos 🆘|construction 🚧|rotating_light 🚨|traffic_light 🚥|checkered_flag 🏁|triangular_flag_on_post 🚩
red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵|large_purple_circle 🟣|black_circle ⚫|white_circle ⚪|arrow_up ⬆️|arrow_down ⬇️
arrow_right ➡️|arrow_left ⬅️|arrows_counterclockwise 🔄|repeat 🔁|heavy_plus_sign ➕|heavy_minus_sign ➖|infinity ♾️|information_source ℹ️|new 🆕|ok 🆗
zero 0️⃣|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|keycap_ten 🔟
palm_tree 🌴|beach_with_umbrella 🏖️|luggage 🧳|clapper 🎬|microphone 🎤|headphones 🎧|camera 📷|shield 🛡️|crown 👑|raising_hand 🙋|saluting_face 🫡`;

const ALIASES = {
	thumbsup: "+1", thumbsdown: "-1", thinking: "thinking_face", robot: "robot_face", punch: "facepunch", medal: "sports_medal",
	satisfied: "laughing", red_heart: "heart", party: "tada", check: "white_check_mark", pencil: "memo",
	rofl: "rolling_on_the_floor_laughing", chart: "bar_chart", heavy_exclamation_mark: "exclamation", hugs: "hugging_face",
	bow: "man-bowing", collision: "boom", information: "information_source", flag: "triangular_flag_on_post",
	lantern: "izakaya_lantern", email: "e-mail", red_car: "car", stop_sign: "octagonal_sign", ok_woman: "ok_hand",
};

const BY_NAME = new Map(LIST.trim().split(/[\n|]/).map((pair) => pair.split(" ")));
const BARE = /\uFE0F/g;
const BY_CHAR = new Map([...BY_NAME].map(([name, char]) => [char.replace(BARE, ""), name]));
const TONES = { 2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿" };
const TONE_OF = Object.fromEntries(Object.entries(TONES).map(([digit, char]) => [char, digit]));

export const QUICK = ["white_check_mark", "+1", "tada", "star", "eyes", "heart", "pray", "clap", "fire", "100", "rocket", "muscle",
	"smile", "joy", "thinking_face", "cry", "warning", "x", "raised_hands", "birthday"];

export const CODE = /^:([a-z0-9_+'-]+)(?:::skin-tone-([2-6]))?:/;

// The picture of a name such as "tada" or "wave::skin-tone-3"; null when the table does not have it.
export function emojiChar(name) {
	const [base, tone] = name.split("::skin-tone-");
	const char = BY_NAME.get(base) ?? BY_NAME.get(ALIASES[base]);
	return char ? char + (TONES[tone] ?? "") : null;
}

export function searchEmoji(prefix, limit = 8) {
	const names = [...BY_NAME.keys(), ...Object.keys(ALIASES)];
	const found = [...names.filter((n) => n.startsWith(prefix)), ...names.filter((n) => !n.startsWith(prefix) && n.includes(prefix))];
	return found.slice(0, limit).map((name) => ({ name, char: emojiChar(name) }));
}

// Slack turns the emoji that people type into codes before any app sees them; so does the composer. Digits and other
// characters that are only half of an emoji stay.
export function toCodes(text) {
	return text.replace(/(\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}\uFE0F?)*)([🏻-🏿])?/gu, (found, char, tone) => {
		const name = BY_CHAR.get(char.replace(BARE, ""));
		return name ? `:${name}:${tone ? `:skin-tone-${TONE_OF[tone]}:` : ""}` : found;
	});
}

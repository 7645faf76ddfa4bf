// SPDX-License-Identifier: MIT
// Starts the page. The parts know the state (state.js) and where this browser stands (prefs.js), not each other; the server
// is told of acts and tells what changed (live.js).

import { loadPrefs } from "./prefs.js";
import { connect } from "./live.js";
import { startHeader } from "./header.js";
import { startClock } from "./clock.js";
import { startSidebar } from "./sidebar.js";
import { startMessages } from "./messages.js";
import { startThread } from "./thread.js";
import { startModal } from "./modal.js";
import { startDrawer } from "./drawer.js";
import { startNotices } from "./feishu/notices.js";

loadPrefs();
// The address after # is the page's own (prefs.js), so this link moves the focus by hand.
document.querySelector(".skip").addEventListener("click", (event) => {
	event.preventDefault();
	document.getElementById("main").focus();
});
startHeader();
startClock();
startSidebar();
startMessages();
startThread();
startModal();
startDrawer();
startNotices();
connect();

// The entry: every module sets itself up by listening on the document, so parts swapped in later just work.
import "./theme.js";
import "./popovers.js";
import "./dialogs.js";
import "./drawer.js";
import "./palette.js";
import "./lists.js";
import "./walk.js";
import "./keys.js";
import "./drafts.js";
import "./fields.js";
import "./ticking.js";
import "./live.js";
import "./trouble.js";

document.documentElement.classList.add("js");

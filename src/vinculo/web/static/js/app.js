// The entry: every behaviour of the client, each in its own module, none needing another's order.
import "./theme.js";
import "./toast.js";
import "./errors.js";
import "./dialog.js";
import "./confirm.js";
import "./menu.js";
import "./keys.js";
import "./help.js";
import "./palette.js";
import "./panel.js";
import "./selection.js";
import "./list-keys.js";
import "./inline-edit.js";
import "./reference.js";
import "./cells.js";
import "./composer.js";
import "./filters.js";
import "./columns.js";
import "./drafts.js";
import "./offline.js";
import "./drop.js";
import "./mentions.js";
import "./position.js";
import "./task-keys.js";
import "./board.js";
import "./view-tabs.js";

document.documentElement.dataset.js = "";

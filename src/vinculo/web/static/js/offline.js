// Without a connection: say so, and say when it is back.
import { text } from "./lib.js";
import { show } from "./toast.js";

const banner = document.getElementById("offline");

function tell(offline) {
  if (banner) banner.hidden = !offline;
}

addEventListener("offline", () => tell(true));
addEventListener("online", () => {
  tell(false);
  show({ message: text("online"), level: "success" });
});
tell(navigator.onLine === false);

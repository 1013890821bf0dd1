// The service worker: keeps the files of this version; a new version says so and is not forced.
import { text } from "./lib.js";
import { show } from "./toast.js";

async function register() {
  const language = encodeURIComponent(document.documentElement.lang);
  const had = Boolean(navigator.serviceWorker.controller);
  const registration = await navigator.serviceWorker.register(`/service-worker.js?language=${language}`);
  registration.addEventListener("updatefound", () => {
    const fresh = registration.installing;
    fresh?.addEventListener("statechange", () => {
      if (fresh.state !== "activated" || !had || fresh.scriptURL !== registration.active?.scriptURL) return;
      show({ message: text("updated"), level: "info", action_label: text("reload"), retry: () => location.reload() });
    });
  });
}

// Once the page is there and drawn. Without HTTPS or a network there is none, and nothing is lost.
if ("serviceWorker" in navigator && isSecureContext) {
  addEventListener("load", () => setTimeout(() => navigator.onLine && register().catch(() => {}), 1000));
}

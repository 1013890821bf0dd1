// [data-position] in a form: asks the device where it is and fills latitude and longitude in.
import { text } from "./lib.js";
import { show } from "./toast.js";

const OPTIONS = { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 };

function fill(form, latitude, longitude) {
  form.elements.latitude.value = latitude;
  form.elements.longitude.value = longitude;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-position]");
  if (!button?.form) return;
  if (button.getAttribute("aria-pressed") === "true") {
    fill(button.form, "", "");
    button.setAttribute("aria-pressed", "false");
    return;
  }
  button.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      fill(button.form, coords.latitude.toFixed(6), coords.longitude.toFixed(6));
      button.removeAttribute("aria-busy");
      button.setAttribute("aria-pressed", "true");
    },
    () => {
      button.removeAttribute("aria-busy");
      show({ message: button.dataset.refused || text("failed"), level: "warning" });
    },
    OPTIONS,
  );
});

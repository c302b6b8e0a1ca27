// Light and dark without a reload; the form behind the button does the same without JavaScript.
const YEAR = 60 * 60 * 24 * 365;

document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("[data-theme-form]")) return;
  event.preventDefault();
  const root = document.documentElement;
  const theme = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
  root.setAttribute("data-bs-theme", theme);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `zk_theme=${theme}; Max-Age=${YEAR}; Path=/; SameSite=Lax${secure}`;
  for (const form of document.querySelectorAll("[data-theme-form]")) {
    form.querySelector("button").value = theme === "dark" ? "light" : "dark";
    form.querySelector(".ti").className = `ti ti-${theme === "dark" ? "sun" : "moon"}`;
  }
  document.dispatchEvent(new CustomEvent("zk:theme"));
});

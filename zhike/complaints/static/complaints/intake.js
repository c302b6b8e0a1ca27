// Ticking a circumstance by hand ends the inference from the item.
for (const group of document.querySelectorAll("[data-marks]")) {
  const mark = document.getElementById(group.dataset.marks);
  group.addEventListener("change", () => { mark.value = "1"; });
}

// A proposed class is filled in only when somebody presses its button; the field then says so like any choice.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take]");
  if (!button) return;
  const field = document.getElementById(button.dataset.take);
  field.value = button.dataset.value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
});
// What belongs to a paper is asked for its channels only.
const channel = document.getElementById("id_channel");
if (channel) {
  const show = () => {
    for (const box of document.querySelectorAll("[data-channels]")) {
      box.hidden = !box.dataset.channels.split(" ").includes(channel.value);
    }
  };
  channel.addEventListener("change", show);
  show();
}

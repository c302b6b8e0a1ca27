// Ticking a circumstance by hand ends the inference from the item.
for (const group of document.querySelectorAll("[data-marks]")) {
  const mark = document.getElementById(group.dataset.marks);
  group.addEventListener("change", () => { mark.value = "1"; });
}

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

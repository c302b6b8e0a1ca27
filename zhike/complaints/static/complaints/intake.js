// Ticking a circumstance by hand ends the inference from the item.
for (const group of document.querySelectorAll("[data-marks]")) {
  const mark = document.getElementById(group.dataset.marks);
  group.addEventListener("change", () => { mark.value = "1"; });
}

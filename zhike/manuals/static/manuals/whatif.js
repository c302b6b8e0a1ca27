// The slider of the what-if page writes into the field beside it, and another figure starts from its own value.
document.addEventListener("input", (event) => {
  const slide = event.target.closest("[data-slide]");
  if (!slide) return;
  slide.form.elements[slide.dataset.slide].value = slide.value;
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-whatif]");
  if (form && event.target.name === "param") form.elements.value.value = "";
}, true);

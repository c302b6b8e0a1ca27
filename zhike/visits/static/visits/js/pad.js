// The box in which somebody signs by mouse, pen or finger. Strokes are kept in parts of the box, so that they stay the
// same whatever its size.

// `strokes` gives the list that is drawn in, `kept` is told after each stroke. Returns what paints the box anew.
export function pad(box, strokes, kept) {
  const paint = () => {
    const scale = window.devicePixelRatio || 1;
    box.width = box.clientWidth * scale;
    box.height = box.clientHeight * scale;
    const pen = box.getContext("2d");
    pen.lineWidth = 2.6 * scale;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = getComputedStyle(box).color;
    for (const stroke of strokes()) {
      pen.beginPath();
      stroke.forEach(([x, y], index) => pen[index ? "lineTo" : "moveTo"](x * box.width, y * box.height));
      pen.stroke();
    }
  };
  const at = (event) => {
    const edge = box.getBoundingClientRect();
    return [(event.clientX - edge.left) / edge.width, (event.clientY - edge.top) / edge.height];
  };
  let drawing = null;
  box.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    box.setPointerCapture(event.pointerId);
    drawing = [at(event)];
    strokes().push(drawing);
  });
  box.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    drawing.push(at(event));
    paint();
  });
  const end = () => {
    if (drawing) kept();
    drawing = null;
  };
  box.addEventListener("pointerup", end);
  box.addEventListener("pointercancel", end);
  paint();
  return paint;
}

export const rounded = (strokes) => strokes.map((stroke) => stroke.map(([x, y]) => [Number(x.toFixed(4)), Number(y.toFixed(4))]));

export function ink(strokes) {
  let length = 0;
  for (const stroke of strokes) {
    for (let at = 1; at < stroke.length; at += 1) length += Math.hypot(stroke[at][0] - stroke[at - 1][0], stroke[at][1] - stroke[at - 1][1]);
  }
  return length;
}

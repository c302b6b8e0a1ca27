// Photos are made small on the phone, signatures become a picture beside their strokes.
const LONGEST = 1600;
const QUALITY = 0.8;

// A photo of any size as JPEG of at most LONGEST pixels; null when this phone cannot read the picture.
export async function shrunk(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

// The strokes, in parts of the box, as a picture; black on white so that it prints.
export function sheet(strokes, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = height * 2;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.lineWidth = 5;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#111";
  for (const stroke of strokes) {
    pen.beginPath();
    stroke.forEach(([x, y], index) => pen[index ? "lineTo" : "moveTo"](x * canvas.width, y * canvas.height));
    pen.stroke();
  }
  return canvas;
}

export const drawn = (strokes, width, height) => new Promise((resolve) => sheet(strokes, width, height).toBlob(resolve, "image/png"));

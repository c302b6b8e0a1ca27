// Where the phone is. Without a position the reason is asked for; nobody is kept from going on.
const PATIENCE = 15000;

export function position() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) {
      resolve(null);
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          latitude: coords.latitude.toFixed(5),
          longitude: coords.longitude.toFixed(5),
          accuracy: Math.round(coords.accuracy),
        }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 30000 },
    );
  });
}

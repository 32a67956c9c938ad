// Which channels hold something new: the newest message of each, against what this tab showed of it last.

const { me, channel } = document.body.dataset;
const seenIn = (place) => ["seen", me, place].join("/");

// A message of a channel that is open counts as seen; the mark of another stays until it is opened.
export function cameIn(place, id) {
  if (place === channel) sessionStorage.setItem(seenIn(place), id);
  else document.querySelector(`.channels [data-channel="${CSS.escape(place)}"]`)?.classList.add("unread");
}

for (const { dataset, classList } of document.querySelectorAll(".channels a")) {
  const seen = sessionStorage.getItem(seenIn(dataset.channel));
  if (seen === null || dataset.channel === channel) sessionStorage.setItem(seenIn(dataset.channel), dataset.newest);
  else classList.toggle("unread", Number(dataset.newest) > Number(seen));
}

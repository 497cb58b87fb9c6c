// Says in the reader's own way how long ago each build was.
const format = new Intl.RelativeTimeFormat(navigator.language, { numeric: 'auto' })
for (const time of document.querySelectorAll('time')) {
  const minutes = Math.round((Date.parse(time.textContent) - Date.now()) / 60_000)
  time.title = time.textContent
  time.textContent = format.format(minutes, 'minute')
}

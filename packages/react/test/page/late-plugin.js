// A frame that takes its time: what it shows follows the theme long after the theme has changed.
export default {
  widgets: {
    main({ root, onDidChangeTheme }) {
      const paint = () => {
        const { documentElement } = document
        root.style.background = getComputedStyle(documentElement).getPropertyValue('--m-color-surface-page')
      }
      root.id = 'area'
      root.style.blockSize = '60px'
      paint()
      onDidChangeTheme(() => setTimeout(paint, 1500))
    },
  },
}

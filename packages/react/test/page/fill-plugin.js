// A frame that is one plain area in a color of the theme.
export default {
  widgets: {
    main({ root }) {
      root.id = 'area'
      root.style.blockSize = '60px'
      root.style.background = 'var(--m-color-surface-page)'
    },
  },
}

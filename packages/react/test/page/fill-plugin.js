// A frame that is one plain area in a color of the theme. On its own it would fade from one to the next.
export default {
  widgets: {
    main({ root }) {
      root.id = 'area'
      root.style.blockSize = '60px'
      root.style.background = 'var(--m-color-surface-page)'
      root.style.transition = 'background-color 3s'
    },
  },
}

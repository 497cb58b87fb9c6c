// A frame that never says that it has painted: without frames of animation it cannot know.
globalThis.requestAnimationFrame = () => 0

export default {
  widgets: {
    main({ root }) {
      root.id = 'area'
      root.style.blockSize = '60px'
      root.style.background = 'var(--m-color-surface-page)'
    },
  },
}

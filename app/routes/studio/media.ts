/** Videos, posters and previews, to their owner or whoever has a signed link. */
export { mediaLoader as loader } from '#app/http/media.ts'

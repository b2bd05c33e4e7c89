import { type RouteConfigEntry, route } from '@remix-run/route-config'

/** The video API that many clients know, OpenAI's, over the models of this house. */
export const v1: RouteConfigEntry[] = [
  route('/v1/videos', 'routes/v1/videos.ts'),
  route('/v1/videos/:id', 'routes/v1/video.ts'),
  route('/v1/videos/:id/content', 'routes/v1/content.ts'),
  route('/v1/*', 'routes/v1/unknown.ts'),
]

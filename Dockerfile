# Fairframe in one image: the web server and its worker, ffmpeg, and nothing that starts as root.
# Plain syntax on purpose: classic Docker, Podman and Buildah build it too.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
RUN NODE_ENV=production node_modules/.bin/remix vite:build

FROM node:24-bookworm-slim AS modules
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
# What only a compiler, an editor or another platform would use goes again.
RUN npm ci --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/typescript node_modules/better-sqlite3/deps node_modules/better-sqlite3/src \
  && find node_modules/better-sqlite3/prebuilds -type f ! -name 'linux-*' -delete \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM node:24-bookworm-slim
# Mesa's renderer (LLVM) comes with ffmpeg's window output, which a server never opens.
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ffmpeg ca-certificates \
  && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* /usr/share/doc /usr/share/man /usr/lib/*/libLLVM* /usr/lib/*/dri \
  && ln -s /app/bin/fairframe /usr/local/bin/fairframe \
  && install -d -m 700 -o node -g node /data
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY package.json LICENSE* ./
COPY core core
COPY compliance compliance
COPY app app
COPY jobs jobs
COPY bin bin
COPY docker docker
COPY --from=build /app/build build
ENV NODE_ENV=production DATA_DIR=/data HOST=0.0.0.0 PORT=3000
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["node", "docker/health.mjs"]
ENTRYPOINT ["node", "docker/entrypoint.mjs"]

# The D&D Tracker as an image: docker build --build-arg APP_VERSION=1.4.0 --build-arg GIT_SHA="$(git rev-parse HEAD)" .

FROM node:22.21.1-alpine3.22 AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/npm-cache npm ci --omit=dev --ignore-scripts --no-audit --no-fund --cache /npm-cache
COPY infra/support infra/support
COPY infra/engines/health infra/engines/health
COPY infra/engines/maintenance infra/engines/maintenance
COPY infra/engines/monitoring infra/engines/monitoring
COPY app app
RUN node_modules/.bin/esbuild app/server.ts --bundle --platform=node --target=node22 \
  --sourcemap --sources-content=false --log-level=warning --outfile=/out/server.js

FROM node:22.21.1-alpine3.22 AS app
WORKDIR /app
# Owned by root and read by the app: what runs cannot change what it is.
COPY --from=build /out/ ./
COPY --from=build /src/infra/engines/monitoring/pages/assets assets
ARG APP_VERSION=0.0.0
ARG GIT_SHA=unknown
# true: everybody but health checks sees the maintenance page.
ARG MAINTENANCE_MODE=false
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 APP_VERSION=$APP_VERSION GIT_SHA=$GIT_SHA \
  MAINTENANCE_MODE=$MAINTENANCE_MODE
LABEL org.opencontainers.image.title="D&D Tracker" \
  org.opencontainers.image.version=$APP_VERSION \
  org.opencontainers.image.revision=$GIT_SHA
# By number, so that a cluster can see that it is not root.
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "server.js"]

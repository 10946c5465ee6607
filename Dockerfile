# One image for the API and the worker; the command says which. Nothing in it is made for one architecture alone, so the release builds
# on its own for all of them (.github/workflows/release.yml). It does so by a --platform of this stage that is not here: az acr build,
# which looks for base images itself, does not understand the line then.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build
# what runs is packages of production alone, without what only people and compilers read
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund && \
    find node_modules \( -name '*.ts' -o -name '*.cts' -o -name '*.mts' -o -name '*.map' -o -name '*.md' -o -path '*/test/*' -o -path '*/tests/*' -o -path '*/benchmarks/*' \) -type f ! -iname 'licen[cs]e*' -delete && \
    find node_modules -type d -empty -delete

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="Bellhop" org.opencontainers.image.description="A job queue you talk to over HTTP" org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json /app/openapi.yaml /app/LICENSE ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# By number, so that Kubernetes can see that it is not root. Nothing is written to the image's files: it runs with them read-only.
USER 1000:1000
EXPOSE 3000 3001
CMD ["node", "dist/src/server.js"]

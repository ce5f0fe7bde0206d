# One service, from the root of the repository: docker build -f infra/service.Dockerfile --build-arg SERVICE=billing .
# Node runs the TypeScript as it is; only the contracts and the portal's pages are made here.
FROM node:24-bookworm-slim AS made
WORKDIR /coop
RUN npm install --global --ignore-scripts pnpm@10.34.8
COPY . .
RUN pnpm install --frozen-lockfile && node_modules/.bin/buf generate
RUN if [ -f services/portal/vite.config.ts ]; then cd services/portal && ../../node_modules/.bin/vite build; fi

FROM node:24-bookworm-slim
ARG SERVICE
WORKDIR /coop
RUN npm install --global --ignore-scripts pnpm@10.34.8
COPY package.json pnpm-workspace.yaml pnpm-lock.yaml ./
COPY --from=made /coop/libs libs
COPY --from=made /coop/infra/launcher infra/launcher
COPY --from=made /coop/services/${SERVICE} services/${SERVICE}
RUN pnpm install --prod --frozen-lockfile --filter "@meetcoop/${SERVICE}..." --filter "@meetcoop/launcher..." \
  && mkdir /state && chown node /state
USER node
ENV SERVICE_NAME=${SERVICE} STATE_DIR=/state/${SERVICE}
# The folder is a volume: it is there only once the container runs.
CMD ["sh", "-c", "mkdir -p \"$STATE_DIR\" && exec node services/$SERVICE_NAME/src/main.ts"]

import type { ProjectFiles } from "./projectFiles.ts";

// Each builds in one stage and ships another, runs as a non-root user, and copies the manifest and lock file before the
// rest,
// so that a change of the sources downloads nothing again.

/** A static program on an image without a shell; of several programs the first. */
export function goTemplate(files: ProjectFiles): string | undefined {
  if (!files.has("go.mod")) return undefined;
  const sum = files.has("go.sum") ? " go.sum" : "";
  const main = files.has("main.go") ? undefined : files.matching(/^cmd\/[^/]+\/main\.go$/)[0]?.replace("/main.go", "");
  return `# syntax=docker/dockerfile:1
FROM golang:1.24 AS build
WORKDIR /src
COPY go.mod${sum} ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \\
    CGO_ENABLED=0 go build -o /app ./${main ?? ""}

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /app /app
ENTRYPOINT ["/app"]
`;
}

/** The dependencies by the lock file that is there; without dependencies npm makes no node_modules. */
export function nodeTemplate(files: ProjectFiles): string | undefined {
  if (!files.has("package.json")) return undefined;
  const lock = files.first("package-lock.json", "npm-shrinkwrap.json");
  const install = lock === undefined ? "npm install --omit=dev" : "npm ci --omit=dev";
  const entry = files.first("server.js", "index.js", "app.js", "main.js", "src/server.js", "src/index.js");
  const command = entry === undefined ? '["npm", "start"]' : `["node", "${entry}"]`;
  return `# syntax=docker/dockerfile:1
FROM node:22-slim AS dependencies
WORKDIR /app
COPY package.json${lock === undefined ? "" : ` ${lock}`} ./
RUN --mount=type=cache,target=/root/.npm ${install} && mkdir -p node_modules

FROM node:22-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY . .
USER node
CMD ${command}
`;
}

/** A virtual environment, without the tools that made it. */
export function pythonTemplate(files: ProjectFiles): string | undefined {
  if (!files.has("requirements.txt")) return undefined;
  const entry = files.first("main.py", "app.py", "server.py", "manage.py") ?? "main.py";
  return `# syntax=docker/dockerfile:1
FROM python:3.13-slim AS dependencies
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.txt /tmp/
RUN --mount=type=cache,target=/root/.cache/pip pip install -r /tmp/requirements.txt

FROM python:3.13-slim
RUN useradd --no-log-init --create-home app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /app
COPY --from=dependencies /venv /venv
COPY . .
USER app
CMD ["python", "${entry}"]
`;
}

/** The program of a package; cargo gives it the package's name, which is in the manifest. */
export function rustTemplate(files: ProjectFiles): string | undefined {
  if (!files.has("Cargo.toml") || !files.has("src/main.rs")) return undefined;
  const locked = files.has("Cargo.lock") ? " --locked" : "";
  return `# syntax=docker/dockerfile:1
FROM rust:1.85-slim AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \\
    cargo install${locked} --path . --root /out \\
    && mv /out/bin/* /app

FROM debian:12-slim
RUN useradd --no-log-init --create-home app
COPY --from=build /app /usr/local/bin/app
USER app
ENTRYPOINT ["app"]
`;
}

/** The one archive that Maven makes. */
export function javaTemplate(files: ProjectFiles): string | undefined {
  if (!files.has("pom.xml")) return undefined;
  return `# syntax=docker/dockerfile:1
FROM maven:3.9-eclipse-temurin-21 AS build
WORKDIR /src
COPY pom.xml ./
RUN --mount=type=cache,target=/root/.m2 mvn --batch-mode dependency:go-offline
COPY src ./src
RUN --mount=type=cache,target=/root/.m2 mvn --batch-mode package -DskipTests \\
    && mv target/*.jar /app.jar

FROM eclipse-temurin:21-jre
RUN useradd --no-log-init --create-home app
COPY --from=build /app.jar /app.jar
USER app
ENTRYPOINT ["java", "-jar", "/app.jar"]
`;
}

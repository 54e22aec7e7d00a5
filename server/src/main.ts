import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { answerRefused, refuseAfterShutdown } from "./afterShutdown.ts";
import { startServer } from "./server.ts";

// Reads --stdio, --node-ipc, --socket=N or --pipe=NAME from the command line.
const connection = createConnection(ProposedFeatures.all, { messageStrategy: refuseAfterShutdown() });
answerRefused(connection);
startServer(connection);

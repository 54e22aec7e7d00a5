import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { answerRefused, refuseOutsideSession } from "./outsideSession.ts";
import { startServer } from "./server.ts";

// Reads --stdio, --node-ipc, --socket=N or --pipe=NAME from the command line.
const connection = createConnection(ProposedFeatures.all, { messageStrategy: refuseOutsideSession() });
answerRefused(connection);
startServer(connection);

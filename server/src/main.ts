import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { startServer } from "./server.ts";

// Reads --stdio, --node-ipc, --socket=N or --pipe=NAME from the command line.
startServer(createConnection(ProposedFeatures.all));

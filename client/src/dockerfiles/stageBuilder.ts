import { type Memento, ProcessExecution, Task, tasks, TaskScope, Uri, workspace } from "vscode";
import { findDockerTool } from "../../../oci/credentials/credentialHelper.ts";
import { machineEnvironment } from "../../../oci/source/machine.ts";
import type { BuildStageArguments } from "../../../server/protocol/protocol.ts";
import { currentSetting } from "../ui/settings.ts";
import type { BuildCommand, StageBuilder } from "./buildStage.ts";

/** Builds stages by VS Code's tasks. Keeps the tags of this workspace. */
export function createStageBuilder(memento: Memento): StageBuilder {
  const tags = (): readonly StageTag[] => memento.get<readonly StageTag[]>(mementoKey, []);
  return {
    isTrusted: () => workspace.isTrusted,
    engineHost: () => currentSetting("engineHost"),
    findProgram: (name) => findDockerTool(name, machineEnvironment()),
    pathOf: (uri) => {
      const { scheme, fsPath } = Uri.parse(uri);
      return scheme === "file" ? fsPath : undefined;
    },
    lastTag: (stage) => tags().find(([key]) => key === keyOf(stage))?.[1],
    rememberTag: async (stage, tag) => {
      const others = tags().filter(([key]) => key !== keyOf(stage));
      await memento.update(mementoKey, [[keyOf(stage), tag] satisfies StageTag, ...others].slice(0, maxTags));
    },
    run: async (command) => void (await tasks.executeTask(taskOf(command))),
  };
}

type StageTag = readonly [stage: string, tag: string];

const mementoKey = "imagewright.stageTags";
const maxTags = 50;

function keyOf({ uri, target = "" }: BuildStageArguments): string {
  return `${uri} ${target}`;
}

function taskOf({ title, program, args, folder }: BuildCommand): Task {
  const execution = new ProcessExecution(program, [...args], { cwd: folder });
  return new Task({ type: "imagewright" }, TaskScope.Workspace, title, "Imagewright", execution, []);
}

import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";

const INSTALL = "pip install 'fromlint[lsp]'";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("fromlint.restart", restart),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("fromlint.command")) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}

async function restart(): Promise<void> {
  await deactivate();
  await start();
}

async function start(): Promise<void> {
  const [program = "fromlint", ...args] = words();
  if (!(await isThere(program))) {
    void vscode.window.showWarningMessage(
      `fromlint: there is no program ${program}. Install it (${INSTALL}), or set fromlint.command.`,
    );
    return;
  }
  const server: ServerOptions = { command: program, args };
  const options: LanguageClientOptions = {
    documentSelector: [
      { scheme: "file", language: "dockerfile" },
      { scheme: "file", language: "pip-requirements" },
      { scheme: "file", pattern: "**/*{requirements,constraints}*.{txt,in}" },
      { scheme: "file", pattern: "**/requirements/*.{txt,in}" },
      { scheme: "file", pattern: "**/{pyproject,fromlint,pylock*}.toml" },
      { scheme: "file", pattern: "**/{uv.lock,poetry.lock,pdm.lock,Pipfile,Pipfile.lock,setup.cfg,setup.py}" },
      { scheme: "file", pattern: "**/{docker-,}compose*.{yml,yaml}" },
    ],
    initializationOptions: { settings: vscode.workspace.getConfiguration("fromlint").get("settings") },
  };
  client = new LanguageClient("fromlint", "fromlint", server, options);
  await client.start();
}

/** The server's command line; a relative program or ${workspaceFolder} is the first folder's. */
function words(): string[] {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const configured = vscode.workspace.getConfiguration("fromlint").get<string[]>("command") ?? [];
  return configured.map((word) => word.replaceAll("${workspaceFolder}", folder));
}

async function isThere(program: string): Promise<boolean> {
  const places = isAbsolute(program)
    ? [program]
    : (process.env.PATH ?? "").split(delimiter).flatMap((folder) => [join(folder, program), join(folder, `${program}.exe`)]);
  for (const place of places) {
    try {
      await access(place, constants.X_OK);
      return true;
    } catch {
      continue;
    }
  }
  return false;
}

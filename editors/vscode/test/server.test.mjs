// The server as the extension's own protocol library meets it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import protocol from "vscode-languageserver-protocol/node";

const SERVER = process.env.FROMLINT ?? "fromlint";
const DOCKERFILE = "FROM python:3.12-slim-trixie\nRUN true ; \\\n  echo '😀é' ; git clone https://example.org/x\n";

test("the server tells what it finds, and what can be done", { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "fromlint-"));
  mkdirSync(join(folder, ".git"));
  writeFileSync(join(folder, "Dockerfile"), DOCKERFILE);
  const server = spawn(SERVER, ["lsp"], {
    cwd: folder,
    env: { ...process.env, FROMLINT_CACHE_DIR: join(folder, "cache") },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const connection = protocol.createProtocolConnection(server.stdout, server.stdin);
  const published = new Promise((resolve) => {
    connection.onNotification(protocol.PublishDiagnosticsNotification.type, resolve);
  });
  connection.listen();
  try {
    const uri = pathToFileURL(join(folder, "Dockerfile")).href;
    const initialized = await connection.sendRequest(protocol.InitializeRequest.type, {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      capabilities: { workspace: { workspaceEdit: { documentChanges: true } } },
      workspaceFolders: null,
      initializationOptions: { settings: { offline: true } },
    });
    assert.equal(initialized.serverInfo?.name, "fromlint");
    await connection.sendNotification(protocol.InitializedNotification.type, {});
    await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: "dockerfile", version: 1, text: DOCKERFILE },
    });
    const { diagnostics, version } = await published;
    assert.equal(version, 1);
    assert.deepEqual(diagnostics.map((each) => each.code), ["FL206"]);
    assert.deepEqual(diagnostics[0].range.start, { line: 2, character: 15 });
    const actions = await connection.sendRequest(protocol.CodeActionRequest.type, {
      textDocument: { uri },
      range: diagnostics[0].range,
      context: { diagnostics },
    });
    const titles = actions.map((each) => each.title);
    assert.ok(titles.includes("fromlint: ignore FL206 here"), titles.join("\n"));
    const hover = await connection.sendRequest(protocol.HoverRequest.type, {
      textDocument: { uri },
      position: { line: 0, character: 8 },
    });
    assert.match(hover.contents.value, /Debian 13 \(trixie\), glibc 2\.41/);
    await connection.sendRequest(protocol.ShutdownRequest.type);
    const ended = new Promise((resolve) => server.once("exit", resolve));
    await connection.sendNotification(protocol.ExitNotification.type);
    assert.equal(await ended, 0);
  } finally {
    connection.dispose();
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
});

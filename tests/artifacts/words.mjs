// The words that `vllm serve` would get, as the reader of each artifact hands them over: shells run, with stubs in
// place of the programs; Compose and systemd print what they read.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";

const read = (path) => readFileSync(path, "utf8");

// Runs `command` with tests/artifacts/stubs first on the path; what the stub vllm was given. Left in a file, each word
// ended by a zero byte.
function given(stubs, work, command, environment = {}) {
  const path = join(work, "words");
  rmSync(path, { force: true });
  execFileSync(command[0], command.slice(1), { stdio: ["ignore", "ignore", "inherit"], timeout: 20000,
    env: { PATH: `${stubs}:${process.env.PATH}`, HOME: "/nowhere", WORDS: path, ...environment } });
  return existsSync(path) ? read(path).split("\0").slice(0, -1) : [];
}

// Kubernetes, third_party/forked/golang/expansion: $$ is $, and $(NAME) without such a variable stays.
const expanded = (word) => word.replace(/\$\$/g, "$");
export const kubernetesWords = (container) => container.args.map(expanded);

// vllm/utils/argparse_utils.py, FlexibleArgumentParser.load_config_file
export function configWords(config) {
  const { model, ...rest } = config;
  const groups = Object.entries(rest).map(([key, value]) =>
    value === true ? [`--${key}`] : [`--${key}`, ...[value].flat().map(String)]);
  return [model, ...groups.flat()];
}

// What Compose read, written so that it reads the same again.
export function composeService(folder, name = "vllm") {
  const text = execFileSync("docker-compose", ["-f", join(folder, "docker-compose.yaml"), "config"],
    { encoding: "utf8", env: { ...process.env, HF_TOKEN: "" } });
  const plain = (_, value) => typeof value === "string" ? value.replace(/\$\$/g, "$") : value;
  return parse(text, plain).services[name];
}
export const composeWords = (folder, name) => composeService(folder, name).command;

// systemd-analyze prints the command that it read, words quoted with C escapes; $$ is replaced when it is run.
const letters = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };
const unescaped = (text) => text.replace(/\\(x[0-9a-f]{2}|[^])/g, (_, code) =>
  code.length > 1 ? String.fromCharCode(parseInt(code.slice(1), 16)) : letters[code] ?? code);

export function systemdWords(folder, unit = "vllm.service") {
  const printed = execFileSync("systemd-analyze", ["verify", "--man=no", join(folder, unit)], {
    encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, SYSTEMD_LOG_LEVEL: "debug" } });
  const line = printed.match(/^\s*Command Line: (\/usr\/bin\/env .*)$/m)[1];
  const list = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) => plain ?? unescaped(quoted));
  return list.slice(3).map((word) => word.replace(/\$\$/g, "$"));
}

export const scriptWords = (path, stubs, work, environment) => given(stubs, work, ["bash", path], environment).slice(1);
export const shellWords = (text, stubs, work, environment) =>
  given(stubs, work, ["bash", "-c", text], environment).slice(1);
export const bashWords = (container, stubs, work, environment) =>
  given(stubs, work, [...container.command.map(expanded), ...kubernetesWords(container)], environment).slice(1);

export const documents = (path) => parseAllDocuments(read(path)).map((document) => {
  if (document.errors.length) throw document.errors[0];
  return document.toJS();
});

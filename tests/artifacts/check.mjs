// check.mjs SOURCE WORK: the folders of WORK/plans, which `generate --emit all` wrote, held against types, the flags of
// the release, and each other. tests/artifacts/check calls it where npm's packages lie in WORK.
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import { complaints, typeFor } from "./types.mjs";
import * as words from "./words.mjs";

const [source, work] = process.argv.slice(2);
const stubs = join(source, "tests/artifacts/stubs");
const failures = [];
let compared = 0;

function same(label, actual, expected) {
  compared += 1;
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  failures.push(`${label} differs\n  got      ${JSON.stringify(actual)}\n  expected ${JSON.stringify(expected)}`);
}

// Words as sorted groups, each option with its values: the order of a mapping says nothing.
function groups(list) {
  const found = [[]];
  for (const word of list) {
    if (word.startsWith("--")) found.push(word.includes("=") ? word.split(/=([^]*)/, 2) : [word]);
    else found.at(-1).push(word);
  }
  return found.map((group) => JSON.stringify(group)).sort();
}

// Names in a container are the Hub's, or those of a folder that is mounted.
function served(list) {
  const name = list.indexOf("--served-model-name");
  return name < 0 || list[0] !== "/model" ? list : list.slice(1, list.lastIndexOf("--served-model-name"));
}

function objectsOf(folder, plan) {
  const found = [];
  for (const file of readdirSync(folder).sort()) {
    const values = file.endsWith(".json") ? [JSON.parse(readFileSync(join(folder, file), "utf8"))]
      : /\.ya?ml$/.test(file) ? words.documents(join(folder, file)) : [];
    for (const value of values) found.push({ label: `${plan}/${file}`, file, value });
  }
  return found;
}

// Quantities and names that the types leave open.
function checkTexts({ label, value }) {
  const rules = { sizeLimit: /^\d+Gi$/, storage: /^\d+Gi$/, memory: /^\d+Gi$|^\d+\+$/, shmSize: /^\d+Gi$/,
    pvcStorage: /^\d+Gi$/ };
  JSON.stringify(value, (key, member) => {
    if (rules[key] && typeof member === "string" && !rules[key].test(member))
      failures.push(`${label}: ${key} is ${member}`);
    if (key === "metadata" && member.name && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(member.name))
      failures.push(`${label}: name ${member.name} is no RFC 1123 label`);
    for (const [name, text] of Object.entries((key === "labels" || key === "nodeSelector") && member || {}))
      if (!/^[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/.test(text)) failures.push(`${label}: label ${name} is ${text}`);
    return member;
  });
}

function flagsOfNewest() {
  const table = readFileSync(join(source, "scripts/releases/_flags.lua"), "utf8");
  return new Set(table.split("\n").filter((line) => !line.includes("before =")).join("\n").match(/--[a-z][a-z0-9-]*/g));
}

function checkFlags(plan, list, extra) {
  for (const word of list) {
    const flag = word.match(/^--[a-z][a-z0-9-]*/)?.[0];
    if (flag && !known.has(flag) && !extra) failures.push(`${plan}: the release has no ${flag}`);
  }
}

const container = (value) => value.spec?.template?.spec.containers[0] ?? value.spec?.predictor?.containers[0] ?? value;

// { what, words } of every artifact of one node.
function serversOf(folder, objects) {
  const has = (file) => existsSync(join(folder, file));
  const script = (file, environment) => words.scriptWords(join(folder, file), stubs, work, environment);
  const found = [];
  const add = (what, list) => found.push({ what, list });
  if (has("docker-run.sh")) add("docker-run.sh", script("docker-run.sh"));
  if (has("docker-compose.yaml")) add("docker-compose.yaml", words.composeWords(folder));
  if (has("vllm.service")) add("vllm.service", words.systemdWords(folder));
  for (const { file, value } of objects) {
    if (["Deployment", "InferenceService"].includes(value.kind) || file === "k8s-values.yaml")
      add(file, words.kubernetesWords(container(value)));
    if (file === "llm-d-values.yaml") add(file, words.kubernetesWords(value.decode.containers[0]));
  }
  return found;
}

// The folder of a model is the same path wherever it is mounted.
function checkMounts(plan, folder, objects, path) {
  same(`${plan}/docker-compose.yaml mount`, words.composeService(folder).volumes[1].source, path);
  for (const { file, value } of objects) {
    if (!["Deployment", "InferenceService"].includes(value.kind)) continue;
    const pod = value.spec.template?.spec ?? value.spec.predictor;
    same(`${plan}/${file} mount`, pod.volumes.find(({ name }) => name === "model").hostPath.path, path);
  }
}

function checkOneNode(plan, folder, objects, expected) {
  for (const { what, list } of serversOf(folder, objects))
    same(`${plan}/${what}`, served(list), list[0] === "/model" ? expected.slice(1) : expected);
  if (expected[0].startsWith("/")) checkMounts(plan, folder, objects, expected[0]);
  same(`${plan}/vllm.sbatch`, words.scriptWords(join(folder, "vllm.sbatch"), stubs, work), expected);
  const task = objects.find(({ file }) => file === "skypilot.yaml")?.value;
  if (task) same(`${plan}/skypilot.yaml`, words.shellWords(task.run, stubs, work), expected);
  const stack = objects.find(({ file }) => file === "production-stack-values.yaml")?.value;
  if (stack) checkStack(plan, stack.servingEngineSpec.modelSpec[0], expected);
}

// The chart writes the tensor parallel size itself.
function checkStack(plan, stack, expected) {
  const list = [stack.modelURL, "--tensor-parallel-size", String(stack.vllmConfig.tensorParallelSize),
    ...words.kubernetesWords({ args: stack.vllmConfig.extraArgs })];
  const withSize = expected.includes("--tensor-parallel-size") ? expected
    : [expected[0], "--tensor-parallel-size", "1", ...expected.slice(1)];
  same(`${plan}/production-stack-values.yaml`, groups(list), groups(withSize));
}

// The first node and the second say the same but for who they are.
function checkNodes(plan, folder, objects, planned, config) {
  const perNode = config.data_parallel_size / config.nodes;
  const ray = config.data_parallel_size > 1
    ? ["--data-parallel-backend", "ray", "--data-parallel-size-local", String(perNode)]
    : ["--distributed-executor-backend", "ray"];
  const begin = planned.indexOf(ray[0]);
  const plain = planned.filter((_, index) => index < begin || index >= begin + ray.length);
  const ends = (rank, address) => config.data_parallel_size > 1
    ? [...(rank ? ["--headless", "--data-parallel-start-rank", String(rank * perNode)] : []),
      "--data-parallel-size-local", String(perNode), "--data-parallel-address", address,
      "--data-parallel-rpc-port", "29550"]
    : [...(rank ? ["--headless"] : []), "--nnodes", "2", "--node-rank", String(rank), "--master-addr", address,
      "--master-port", "29501"];
  const task = objects.find(({ file }) => file === "skypilot.yaml")?.value;
  for (const rank of [0, 1]) {
    same(`${plan}/vllm.sbatch ${rank}`, words.scriptWords(join(folder, "vllm.sbatch"), stubs, work,
      { SLURM_NODEID: String(rank), SLURM_JOB_NODELIST: "node-[0-1]" }), [...plain, ...ends(rank, "node-0")]);
    const sky = { SKYPILOT_NODE_RANK: String(rank), SKYPILOT_NODE_IPS: "10.0.0.1\n10.0.0.2" };
    if (task) same(`${plan}/skypilot.yaml ${rank}`, words.shellWords(task.run, stubs, work, sky),
      [...plain, ...ends(rank, "10.0.0.1")]);
    for (const { file, value } of objects.filter(({ value }) => value.kind === "LeaderWorkerSet")) {
      const template = value.spec.leaderWorkerTemplate[rank ? "workerTemplate" : "leaderTemplate"];
      const list = words.bashWords(template.spec.containers[0], stubs, work,
        { LWS_WORKER_INDEX: String(rank), LWS_LEADER_ADDRESS: "leader-0" });
      const overRay = file.includes("ray");
      same(`${plan}/${file} ${rank}`, list, overRay ? (rank ? [] : planned) : [...plain, ...ends(rank, "leader-0")]);
      checkFlags(plan, list);
    }
  }
}

// Several servers that share cards: every artifact starts each with the words of its own script.
function checkPack(plan, folder, objects) {
  const pods = objects.filter(({ value }) => value.kind === "Deployment").map(({ value }) => value.spec.template.spec);
  const containers = pods.flatMap((pod) => [...(pod.initContainers ?? []), ...pod.containers]);
  const routes = objects.find(({ file }) => file === "litellm-config.yaml").value.model_list;
  const { models } = JSON.parse(readFileSync(join(folder, "pack.json"), "utf8"));
  for (const { name, port, gpu_memory_utilization } of models) {
    const expected = words.scriptWords(join(folder, `serve-${name}.sh`), stubs, work);
    checkFlags(plan, expected, false);
    same(`${plan}/${name} share`, Number(expected[expected.indexOf("--gpu-memory-utilization") + 1]),
      gpu_memory_utilization);
    const inside = (list) => list[0] === "/model" ? expected.slice(1) : expected;
    const composed = words.composeWords(folder, name);
    same(`${plan}/docker-compose.yaml ${name}`, served(composed), inside(composed));
    same(`${plan}/${name}.service`, words.systemdWords(folder, `vllm-${name}.service`), expected);
    const container = containers.find((one) => one.name === name);
    if (container) same(`${plan}/kubernetes.yaml ${name}`, served(words.kubernetesWords(container)),
      inside(words.kubernetesWords(container)));
    const route = routes.find(({ model_name }) => model_name === name).litellm_params;
    same(`${plan}/litellm-config.yaml ${name}`, route.api_base, `http://localhost:${port}/v1`);
  }
  objects.forEach(checkTexts);
  return objects.filter((object) => typeFor(object.file, object.value));
}

function checkPlan(plan) {
  const folder = join(work, "plans", plan), objects = objectsOf(folder, plan);
  if (existsSync(join(folder, "pack.json"))) return checkPack(plan, folder, objects);
  const config = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8")).config;
  const expected = words.scriptWords(join(folder, "serve_command.sh"), stubs, work);
  checkFlags(plan, expected, config.vllm_args?.length);
  objects.forEach(checkTexts);
  const file = objects.find((object) => object.file === "config.yaml");
  if (file) same(`${plan}/config.yaml`, groups(words.configWords(file.value)), groups(expected));
  (config.nodes > 1 ? checkNodes : checkOneNode)(plan, folder, objects, expected, config);
  return objects.filter((object) => typeFor(object.file, object.value));
}

const known = flagsOfNewest();
const plans = readdirSync(join(work, "plans")).sort();
const typed = plans.flatMap(checkPlan);
failures.push(...complaints(work, typed));
for (const failure of failures) console.error(failure);
console.log(`${typed.length} objects held against types, ${compared} comparisons: ${failures.length} wrong`);
process.exit(failures.length ? 1 : 0);

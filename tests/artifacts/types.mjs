// Objects held against types: each becomes a typed literal of a module, and the TypeScript compiler says what is wrong.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const typeOf = {
  "v1 ConfigMap": ["kubernetes-types/core/v1", "ConfigMap"],
  "v1 Service": ["kubernetes-types/core/v1", "Service"],
  "v1 PersistentVolumeClaim": ["kubernetes-types/core/v1", "PersistentVolumeClaim"],
  "apps/v1 Deployment": ["kubernetes-types/apps/v1", "Deployment"],
  "leaderworkerset.x-k8s.io/v1 LeaderWorkerSet": ["./published", "LeaderWorkerSet"],
  "serving.kserve.io/v1beta1 InferenceService": ["./published", "InferenceService"],
  "production-stack-values.yaml": ["./published", "ProductionStack"],
  "llm-d-values.yaml": ["./published", "ModelService"],
  "skypilot.yaml": ["./published", "SkyPilotTask"],
  "k8s-values.yaml": ["./published", "DeploymentValues"],
  "grafana-dashboard.json": ["@grafana/schema", "Dashboard"],
};

// The type of an object by what it says of itself, else by the name of its file.
export function typeFor(file, value) {
  return typeOf[value?.kind ? `${value.apiVersion} ${value.kind}` : file];
}

// A complaint for each wrong field of `objects`: { label, file, value }. `folder` has node_modules and published.d.ts.
export function complaints(folder, objects) {
  const blocks = objects.map(({ label, file, value }, index) => {
    const [module, name] = typeFor(file, value);
    return `// ${label.replace(/[\r\n]/g, " ")}\nexport const object${index}: import("${module}").${name} = ` +
      `${JSON.stringify(value, null, 1).replace(/[\u2028\u2029]/g, " ")};\n`;
  });
  const source = join(folder, "objects.ts");
  writeFileSync(source, blocks.join("\n"));
  const program = ts.createProgram([source], { strict: true, noEmit: true, skipLibCheck: true, types: [],
    module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler });
  return ts.getPreEmitDiagnostics(program).map((found) => {
    const line = found.file?.getLineAndCharacterOfPosition(found.start).line ?? 0;
    const above = found.file?.text.split("\n").slice(0, line + 1).reverse().find((text) => text.startsWith("// "));
    return `${above ?? source}: ${ts.flattenDiagnosticMessageText(found.messageText, " ")}`;
  });
}

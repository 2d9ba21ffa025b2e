// Fields of what npm has no types for, as their projects publish them. Written from memory of the files that are named
// and not compared with them: fields that artifacts use, no more. None of it was tried on a live cluster.
import type { Container, EnvVar, NodeSelectorTerm, PodSpec, PodTemplateSpec, Probe, ResourceRequirements,
  Volume, VolumeMount } from "kubernetes-types/core/v1";
import type { ObjectMeta } from "kubernetes-types/meta/v1";

// kubernetes-sigs/lws, api/leaderworkerset/v1/leaderworkerset_types.go
export interface LeaderWorkerSet {
  apiVersion: "leaderworkerset.x-k8s.io/v1";
  kind: "LeaderWorkerSet";
  metadata: ObjectMeta;
  spec: {
    replicas: number;
    leaderWorkerTemplate: {
      size: number;
      restartPolicy: "RecreateGroupOnPodRestart" | "None";
      leaderTemplate?: PodTemplateSpec;
      workerTemplate: PodTemplateSpec;
    };
    startupPolicy?: "LeaderCreated" | "LeaderReady";
  };
}

// kserve/kserve, pkg/apis/serving/v1beta1: InferenceService, PredictorSpec = PodSpec + ComponentExtensionSpec + ...
export interface InferenceService {
  apiVersion: "serving.kserve.io/v1beta1";
  kind: "InferenceService";
  metadata: ObjectMeta;
  spec: { predictor: PodSpec & { minReplicas?: number; maxReplicas?: number; timeout?: number } };
}

// vllm-project/production-stack, helm/values.yaml and helm/values.schema.json
export interface ProductionStack {
  servingEngineSpec: {
    containerPort?: number;
    startupProbe?: Probe;
    modelSpec: {
      name: string;
      repository: string;
      tag: string;
      modelURL: string;
      replicaCount: number;
      requestCPU: number;
      requestMemory: string;
      requestGPU: number;
      requestGPUType?: string;
      pvcStorage?: string;
      pvcAccessMode?: string[];
      shmSize?: string;
      hf_token?: string | { secretName: string; secretKey: string };
      env?: EnvVar[];
      nodeSelectorTerms?: NodeSelectorTerm[];
      vllmConfig?: { tensorParallelSize?: number; extraArgs?: string[] };
    }[];
  };
}

// llm-d-incubation/llm-d-modelservice, charts/llm-d-modelservice/values.yaml
export interface ModelService {
  modelArtifacts: { uri: string; name: string; size: string };
  routing: { servicePort: number; proxy: { enabled: boolean } };
  decode: {
    create: boolean;
    replicas: number;
    volumes?: Volume[];
    parallelism: { tensor: number; data: number };
    containers: (Pick<Container, "name" | "image" | "command" | "args" | "env" | "ports" | "resources" | "volumeMounts" | "startupProbe" |
      "readinessProbe" | "livenessProbe"> & { modelCommand: "vllmServe" | "imageDefault" | "custom";
        mountModelVolume?: boolean })[];
  };
  prefill: { create: boolean };
}

// skypilot-org/skypilot, sky/utils/schemas.py: get_task_schema, get_resources_schema
export interface SkyPilotTask {
  name: string;
  num_nodes: number;
  resources: {
    accelerators: Record<string, number>;
    cpus: string;
    memory: string;
    disk_size: number;
    ports: number;
    image_id: string;
  };
  envs?: Record<string, string>;
  secrets?: Record<string, string | null>;
  run: string;
}

// values of a chart of one deployment: Kubernetes' own types under the usual names
export interface DeploymentValues {
  replicaCount: number;
  image: { repository: string; tag: string; pullPolicy: "IfNotPresent" };
  command: string[];
  args: string[];
  env: EnvVar[];
  resources: ResourceRequirements;
  volumes: Volume[];
  volumeMounts: VolumeMount[];
  nodeSelector?: Record<string, string>;
  service: { type: "ClusterIP"; port: number };
  startupProbe: Probe;
  readinessProbe: Probe;
  livenessProbe: Probe;
}

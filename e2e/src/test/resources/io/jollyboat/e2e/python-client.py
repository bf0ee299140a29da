"""What a program of the official Python client does with a cluster. Prints one line for each thing that went well."""

import sys
import time

from kubernetes import client, config, dynamic, utils, watch
from kubernetes.client.rest import ApiException
from kubernetes.stream import portforward, stream

config.load_kube_config(config_file=sys.argv[1])
core = client.CoreV1Api()
apps = client.AppsV1Api()
NAMESPACE = "default"
SECONDS = 60


def well(what):
    print(what, flush=True)


def refused(status, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except ApiException as problem:
        assert problem.status == status, problem
        return
    raise AssertionError("not refused: %s" % call)


def eventually(question):
    end = time.monotonic() + SECONDS
    while not question():
        assert time.monotonic() < end, question
        time.sleep(0.05)


def gone(read, *arguments):
    def asked():
        try:
            read(*arguments)
            return False
        except ApiException as problem:
            assert problem.status == 404, problem
            return True

    eventually(asked)


def objects():
    made = core.create_namespaced_config_map(NAMESPACE, client.V1ConfigMap(
        metadata=client.V1ObjectMeta(name="python", labels={"of": "python"}), data={"a": "1"}))
    old = core.read_namespaced_config_map("python", NAMESPACE)
    made.data["b"] = "2"
    core.replace_namespaced_config_map("python", NAMESPACE, made)
    refused(409, core.replace_namespaced_config_map, "python", NAMESPACE, old)
    changed = core.patch_namespaced_config_map("python", NAMESPACE, {"data": {"a": None, "c": "3"}})
    assert changed.data == {"b": "2", "c": "3"}, changed
    patched = core.patch_namespaced_config_map(
        "python", NAMESPACE, [{"op": "replace", "path": "/data/c", "value": "4"}])
    assert patched.data["c"] == "4", patched
    refused(422, core.create_namespaced_config_map, NAMESPACE, {"metadata": {"name": "Not Valid"}})
    assert [each.metadata.name for each in core.list_namespaced_config_map(
        NAMESPACE, label_selector="of=python").items] == ["python"]
    core.delete_namespaced_config_map("python", NAMESPACE)
    refused(404, core.read_namespaced_config_map, "python", NAMESPACE)
    well("objects")


def pages():
    for i in range(5):
        core.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": "page-%d" % i, "labels": {"of": "pages"}}})
    names, more = [], None
    while more != "":
        page = core.list_namespaced_config_map(NAMESPACE, label_selector="of=pages", limit=2, _continue=more)
        names += [each.metadata.name for each in page.items]
        more = page.metadata._continue or ""
    assert names == ["page-%d" % i for i in range(5)], names
    core.delete_collection_namespaced_config_map(NAMESPACE, label_selector="of=pages")
    assert not core.list_namespaced_config_map(NAMESPACE, label_selector="of=pages").items
    well("pages")


def watching():
    start = core.list_namespaced_config_map(NAMESPACE).metadata.resource_version
    core.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": "seen"}})
    core.patch_namespaced_config_map("seen", NAMESPACE, {"data": {"a": "1"}})
    core.delete_namespaced_config_map("seen", NAMESPACE)
    watcher, types = watch.Watch(), []
    for event in watcher.stream(core.list_namespaced_config_map, NAMESPACE, resource_version=start,
                                field_selector="metadata.name=seen", timeout_seconds=SECONDS):
        types.append(event["type"])
        if event["type"] == "DELETED":
            watcher.stop()
    assert types == ["ADDED", "MODIFIED", "DELETED"], types
    well("watching")


def kinds_found_by_discovery():
    finder = dynamic.DynamicClient(client.ApiClient())
    deployments = finder.resources.get(api_version="apps/v1", kind="Deployment")
    maps = finder.resources.get(api_version="v1", kind="ConfigMap")
    maps.create(namespace=NAMESPACE, body={
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "found"}, "data": {"a": "1"}})
    maps.patch(namespace=NAMESPACE, name="found", content_type="application/merge-patch+json",
               body={"data": {"b": "2"}})
    assert maps.get(namespace=NAMESPACE, name="found").to_dict()["data"] == {"a": "1", "b": "2"}
    maps.delete(namespace=NAMESPACE, name="found")
    assert deployments.get(namespace=NAMESPACE).kind == "DeploymentList"
    well("kinds found by discovery")


def deployments():
    utils.create_from_dict(client.ApiClient(), {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "python"},
        "spec": {"selector": {"matchLabels": {"app": "python"}}, "template": {
            "metadata": {"labels": {"app": "python"}},
            "spec": {"terminationGracePeriodSeconds": 1, "containers": [
                {"name": "api", "image": "kiamol/ch03-numbers-api", "ports": [{"containerPort": 80}]}]}}}})
    eventually(lambda: apps.read_namespaced_deployment_status("python", NAMESPACE).status.available_replicas == 1)
    apps.patch_namespaced_deployment_scale("python", NAMESPACE, {"spec": {"replicas": 2}})
    eventually(lambda: apps.read_namespaced_deployment_status("python", NAMESPACE).status.available_replicas == 2)
    well("deployments")


def pods():
    pod = core.list_namespaced_pod(NAMESPACE, label_selector="app=python").items[0].metadata.name
    said = stream(core.connect_get_namespaced_pod_exec, pod, NAMESPACE,
                  command=["sh", "-c", "echo out; echo err >&2"],
                  stdin=False, stdout=True, stderr=True, tty=False, _preload_content=False)
    said.run_forever(timeout=SECONDS)
    assert (said.read_stdout(), said.read_stderr(), said.returncode) == ("out\n", "err\n", 0)
    failed = stream(core.connect_get_namespaced_pod_exec, pod, NAMESPACE, command=["sh", "-c", "exit 3"],
                    stdin=False, stdout=True, stderr=True, tty=False, _preload_content=False)
    failed.run_forever(timeout=SECONDS)
    assert failed.returncode == 3, failed.returncode
    well("commands")
    forward = portforward(core.connect_get_namespaced_pod_portforward, pod, NAMESPACE, ports="80")
    socket = forward.socket(80)
    socket.settimeout(SECONDS)
    socket.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
    answer = b""
    while b"Ok" not in answer:
        piece = socket.recv(4096)
        assert piece, answer
        answer += piece
    socket.close()
    well("forwarded ports")
    assert isinstance(core.read_namespaced_pod_log(pod, NAMESPACE), str)
    core.create_namespaced_pod_eviction(pod, NAMESPACE, client.V1Eviction(
        metadata=client.V1ObjectMeta(name=pod), delete_options=client.V1DeleteOptions(grace_period_seconds=0)))
    gone(core.read_namespaced_pod, pod, NAMESPACE)
    well("eviction")


def end():
    apps.delete_namespaced_deployment("python", NAMESPACE, propagation_policy="Foreground")
    gone(apps.read_namespaced_deployment, "python", NAMESPACE)
    assert not core.list_namespaced_pod(NAMESPACE, label_selector="app=python").items
    well("a foreground deletion")


objects()
pages()
watching()
kinds_found_by_discovery()
deployments()
pods()
end()

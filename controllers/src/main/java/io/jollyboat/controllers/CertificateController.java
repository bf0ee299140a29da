package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Change;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.controllers.CertificateAuthority.Asked;
import io.jollyboat.controllers.SigningRules.Approval;
import io.jollyboat.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Approves requests of nodes, has what was approved signed, and deletes requests that are done or forgotten. */
final class CertificateController implements Controller {
    private static final Resource REVIEW = Resources.kind("authorization.k8s.io/v1", "SubjectAccessReview");
    private static final List<String> ASKER = List.of("uid", "groups", "extra");

    private final Api api;
    private final World world;
    private final Mirror<SigningRequest> requests;
    private final CertificateAuthority authority;
    private final Loop<Key> loop;

    CertificateController(Api api, World world, Mirror<SigningRequest> requests, CertificateAuthority authority) {
        this.api = api;
        this.world = world;
        this.requests = requests;
        this.authority = authority;
        this.loop = new Loop<>(world, "certificate-controller", this::handle);
        requests.onChange(change -> {
            if (!(change instanceof Change.Removed<SigningRequest>)) {
                loop.add(change.key());
            }
        });
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(requests);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    private void handle(Key key) {
        Optional<SigningRequest> found = requests.snapshot().get(key);
        if (found.isEmpty()) {
            return;
        }
        SigningRequest request = found.get();
        Instant end = SigningRules.end(request);
        if (!end.isAfter(world.now())) {
            delete(request);
            return;
        }
        if (end.isBefore(Instant.MAX)) {
            loop.addAfter(key, Duration.between(world.now(), end));
        }
        if (request.issued() || !SigningRules.ours(request.signer())) {
            return;
        }
        boolean decided = request.has(SigningRequest.APPROVED) || request.has(SigningRequest.DENIED);
        if (!decided) {
            approve(request);
        } else if (request.has(SigningRequest.APPROVED) && !request.has(SigningRequest.FAILED)) {
            sign(request);
        }
    }

    private void approve(SigningRequest request) {
        if (!request.signer().equals(SigningRules.KUBELET_CLIENT)) {
            return;
        }
        for (Approval approval : SigningRules.approvals(request, authority.read(request.request()))) {
            if (allowed(request, approval.right())) {
                write(
                        request,
                        "approval",
                        patch ->
                                condition(patch, request, SigningRequest.APPROVED, "AutoApproved", approval.message()));
                return;
            }
        }
    }

    private boolean allowed(SigningRequest request, String right) {
        ObjectNode review = Merge.object();
        ObjectNode spec = review.putObject("spec");
        spec.set("user", request.spec().path("username"));
        for (String field : ASKER) {
            JsonNode value = request.spec().path(field);
            if (!value.isMissingNode()) {
                spec.set(field, value);
            }
        }
        spec.putObject("resourceAttributes")
                .put("verb", "create")
                .put("group", requests.resource().group())
                .put("version", "*")
                .put("resource", requests.resource().plural())
                .put("subresource", right);
        return api.create(REVIEW, "", review, WriteOptions.by(Controllers.FIELD_MANAGER))
                .path("status")
                .path("allowed")
                .booleanValue(false);
    }

    private void sign(SigningRequest request) {
        Asked asked = authority.read(request.request());
        Optional<String> refusal = SigningRules.refusal(request.signer(), asked, request.usages());
        if (refusal.isPresent()) {
            write(
                    request,
                    "status",
                    patch ->
                            condition(patch, request, SigningRequest.FAILED, "SignerValidationFailure", refusal.get()));
            return;
        }
        Duration life = SigningRules.life(request.expirationSeconds());
        String certificate = authority.sign(request.request(), request.usages(), life);
        write(request, "status", patch -> patch.putObject("status").put("certificate", certificate));
    }

    private void condition(ObjectNode patch, SigningRequest request, String type, String reason, String message) {
        Condition added = Condition.now(type, Condition.TRUE, reason, message, world.now());
        Merge.conditions(patch.putObject("status"), Condition.set(request.conditions(), added));
    }

    private interface Content {
        void into(ObjectNode patch);
    }

    private void write(SigningRequest request, String subresource, Content content) {
        ObjectNode patch = Merge.guarded(request.metadata().uid(), request.resourceVersion());
        content.into(patch);
        api.patch(
                request.metadata().key().in(requests.resource()).withSubresource(subresource),
                new Patch.Merge(patch),
                WriteOptions.by(Controllers.FIELD_MANAGER));
    }

    private void delete(SigningRequest request) {
        try {
            api.delete(
                    request.metadata().key().in(requests.resource()),
                    DeleteOptions.now().withUid(request.metadata().uid()));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                throw e;
            }
        }
    }
}

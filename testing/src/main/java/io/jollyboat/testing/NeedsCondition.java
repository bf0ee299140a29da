package io.jollyboat.testing;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Leaves a test out, saying so, when the machine lacks what it {@link Needs}. */
final class NeedsCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String missing = context.getElement()
                .flatMap(element -> AnnotationSupport.findAnnotation(element, Needs.class))
                .map(needs -> Arrays.stream(needs.value())
                        .flatMap(need -> need.missing().stream())
                        .collect(Collectors.joining(", ")))
                .orElse("");
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("the machine has all that the test needs");
        }
        System.out.println("LEFT OUT " + context.getRequiredTestClass().getSimpleName() + " " + context.getDisplayName()
                + ": this machine has no " + missing);
        return ConditionEvaluationResult.disabled("this machine has no " + missing);
    }
}

// A report of checks and their verdicts, as text or JSON.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/output/table.hpp"

namespace bqconn::output {

enum class Verdict { good, warning, failed, skipped };

struct Checked {
    std::string name;  // "google.token"; scripts rely on it
    Verdict verdict = Verdict::good;
    std::string message;              // one or more lines; made inert when shown
    std::string hint = {};            // what to do; may be empty
    std::optional<Error> error = {};  // set if the check failed
};

inline Checked good(std::string name, std::string message) {
    return {std::move(name), Verdict::good, std::move(message)};
}
inline Checked warning(std::string name, std::string message, std::string hint) {
    return {std::move(name), Verdict::warning, std::move(message), std::move(hint)};
}
inline Checked failed(std::string name, const Error& error) {
    return {std::move(name), Verdict::failed, error.message(), error.hint(), error};
}
inline Checked skipped(std::string name, std::string message) {
    return {std::move(name), Verdict::skipped, std::move(message)};
}

using Report = std::vector<Checked>;

// The failed check that decides the exit code: the one to fix first. Null if none failed.
const Checked* worst_of(const Report& report);

// "✓ message", "! message", "✗ message" or "- message", each followed by its hint.
std::string text_of(const Report& report, const Style& style);

// {"ok":…,"exitCode":…,"checks":[{"check","verdict","message"[,"hint","code","status",
// "requestId"]}]}
std::string json_of(const Report& report);

}  // namespace bqconn::output

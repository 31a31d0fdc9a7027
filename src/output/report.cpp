#include "bqconn/output/report.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::output {
namespace {

// Permanent errors outrank temporary ones.
constexpr std::array order{ExitCode::config,   ExitCode::usage,        ExitCode::auth,
                           ExitCode::rejected, ExitCode::not_found,    ExitCode::tls,
                           ExitCode::network,  ExitCode::bad_response, ExitCode::unavailable};

std::size_t rank_of(const Checked& one) {
    const ExitCode code = one.error ? one.error->exit_code() : ExitCode::internal;
    return static_cast<std::size_t>(std::find(order.begin(), order.end(), code) - order.begin());
}

struct Shown {
    std::string_view word;  // in JSON
    std::string_view mark;
    std::string_view ascii_mark;
    std::string_view colour;
};

Shown shown(Verdict verdict) {
    constexpr std::array<Shown, 4> table{{{"ok", "✓", "+", "1;32"},
                                          {"warning", "!", "!", "1;33"},
                                          {"failed", "✗", "x", "1;31"},
                                          {"skipped", "-", "-", ""}}};
    return table[static_cast<std::size_t>(verdict)];
}

// Makes every line of `text` inert, indents and wraps it. The first begins with `start`, which is
// as wide as the indent.
std::string indented(const std::string& start, std::size_t indent, const std::string& text,
                     const Style& style) {
    std::string out;
    for (const auto& line : split(text, '\n')) {
        out += wrapped(std::string(indent, ' ') + inert_line(line), style.columns) + "\n";
    }
    return out.replace(0, indent, start);
}

}  // namespace

const Checked* worst_of(const Report& report) {
    const Checked* worst = nullptr;
    for (const auto& one : report) {
        if (one.verdict == Verdict::failed &&
            (worst == nullptr || rank_of(one) < rank_of(*worst))) {
            worst = &one;
        }
    }
    return worst;
}

std::string text_of(const Report& report, const Style& style) {
    std::string text;
    for (const auto& one : report) {
        const Shown as = shown(one.verdict);
        const auto mark = style.ascii ? as.ascii_mark : as.mark;
        text += indented(styled(mark, style.colour ? as.colour : "") + " ", 2, one.message, style);
        if (!one.hint.empty()) {
            text += indented(style.ascii ? "  > " : "  → ", 4, one.hint, style);
        }
        if (one.error && !one.error->request_id().empty()) {
            text += "    request id: " + inert_line(one.error->request_id()) + "\n";
        }
    }
    return text;
}

std::string json_of(const Report& report) {
    auto checks = json::OrderedJson::array();
    for (const auto& one : report) {
        json::OrderedJson item{
            {"check", one.name}, {"verdict", shown(one.verdict).word}, {"message", one.message}};
        if (!one.hint.empty()) {
            item["hint"] = one.hint;
        }
        if (one.error) {
            item["code"] = one.error->code();
            if (one.error->status()) {
                item["status"] = *one.error->status();
            }
            if (!one.error->request_id().empty()) {
                item["requestId"] = one.error->request_id();
            }
        }
        checks.push_back(std::move(item));
    }
    const Checked* const worst = worst_of(report);
    const ExitCode code = worst == nullptr ? ExitCode::ok : worst->error->exit_code();
    const json::OrderedJson document{
        {"ok", worst == nullptr}, {"exitCode", static_cast<int>(code)}, {"checks", checks}};
    return json::to_line(document) + "\n";
}

}  // namespace bqconn::output

#include "bqconn/output/console.hpp"

#include "bqconn/core/inert.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::output {
namespace {

constexpr std::string_view red = "31";
constexpr std::string_view yellow = "33";

json::OrderedJson to_json(const Error& error, const Redactor& redactor) {
    const auto shown = [&redactor](const std::string& text) {
        return redactor.redact(inert_text(redactor.redact(text)));
    };
    json::OrderedJson object = {{"code", error.code()}, {"message", shown(error.message())}};
    if (!error.hint().empty()) {
        object["hint"] = shown(error.hint());
    }
    if (error.status()) {
        object["status"] = *error.status();
    }
    if (!error.request_id().empty()) {
        object["requestId"] = shown(error.request_id());
    }
    object["exitCode"] = static_cast<int>(error.exit_code());
    return {{"error", object}};
}

}  // namespace

void Console::result(std::string_view text) {
    streams_.out << redactor_.redact(text, Redactor::Parts::whole_only) << std::flush;
    if (!streams_.out) {
        throw Error(ExitCode::output, "output.stdout", "standard output could not be written",
                    "look whether the disk is full or the reader of the pipe has ended");
    }
}

void Console::warning(std::string_view text) {
    if (quiet_) {
        return;
    }
    if (notes_ == Notes::json) {
        streams_.err << json::to_line(json::Json{{"warning", {{"message", clean(text)}}}})
                     << std::endl;
        return;
    }
    streams_.err << coloured("warning:", yellow) << ' ' << clean(text) << std::endl;
}

void Console::error(const Error& error) {
    if (notes_ == Notes::json) {
        streams_.err << json::to_line(to_json(error, redactor_)) << std::endl;
        return;
    }
    const auto shown = [this](const std::string& text) {
        return redactor_.redact(inert_text(redactor_.redact(text)));
    };
    streams_.err << coloured("error:", red) << ' ' << shown(error.message()) << '\n';
    if (!error.hint().empty()) {
        streams_.err << "hint: " << shown(error.hint()) << '\n';
    }
    if (!error.request_id().empty()) {
        streams_.err << "request id: " << shown(error.request_id()) << '\n';
    }
    streams_.err << std::flush;
}

std::string Console::clean(std::string_view text) const {
    return redactor_.redact(inert_line(redactor_.redact(text)));
}

std::string Console::coloured(std::string_view text, std::string_view code) const {
    if (!colour_) {
        return std::string(text);
    }
    return "\x1b[1;" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace bqconn::output

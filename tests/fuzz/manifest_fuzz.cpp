// A manifest is read, or refused with `config`; its syntax is refused without quoting a value. What
// is read can be written and read back.
#include "bqconn/manifest/manifest.hpp"

#include <algorithm>

#include "fuzz/fuzz.hpp"

using namespace bqconn;

namespace {

bool same(const manifest::Node& a, const manifest::Node& b) {
    if (a.kind != b.kind || a.text != b.text || a.items.size() != b.items.size() ||
        a.members.size() != b.members.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.items.size(); ++i) {
        if (!same(a.items[i], b.items[i])) {
            return false;
        }
    }
    for (std::size_t i = 0; i < a.members.size(); ++i) {
        if (!same(a.members[i].first, b.members[i].first) ||
            !same(a.members[i].second, b.members[i].second)) {
            return false;
        }
    }
    return true;
}

void check_lines(const manifest::Node& node, std::size_t last) {
    fuzz::require(node.line >= 1 && node.line <= last, "each value has its line");
    for (const auto& item : node.items) {
        check_lines(item, last);
    }
    for (const auto& [key, value] : node.members) {
        check_lines(key, last);
        check_lines(value, last);
    }
}

bool same(const manifest::Object& a, const manifest::Object& b) {
    return a.type == b.type && a.sandbox == b.sandbox && a.name == b.name &&
           std::equal(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(),
                      [](const auto& one, const auto& other) {
                          return one.first == other.first && one.second.from == other.second.from &&
                                 one.second.texts == other.second.texts;
                      });
}

void check_manifest(const std::string& text) {
    manifest::Manifest read;
    try {
        read = manifest::parse(text, "team.yaml", "dev");
    } catch (const Error& error) {
        fuzz::require(error.exit_code() == ExitCode::config, "the exit code is config");
        fuzz::require(error.message().starts_with("team.yaml"), "the message names the file",
                      error.message());
        fuzz::check_shown(error);
        return;
    }
    const auto written = manifest::to_yaml(manifest::to_node(read));
    const auto again = manifest::parse(written, "written", "");
    fuzz::require(again.mark == read.mark && again.sandboxes == read.sandboxes &&
                      std::equal(read.objects.begin(), read.objects.end(), again.objects.begin(),
                                 again.objects.end(),
                                 [](const auto& a, const auto& b) { return same(a, b); }),
                  "a written manifest has the same objects", written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = fuzz::with_canary(fuzz::text_of(data, size));
    try {
        const auto node = manifest::parse_yaml(text, "team.yaml");
        check_lines(node, 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
        const auto written = manifest::to_yaml(node);
        fuzz::require(same(node, manifest::parse_yaml(written, "written")),
                      "what is written is read back the same", written);
    } catch (const Error& error) {
        fuzz::require(error.exit_code() == ExitCode::config, "the exit code is config");
        fuzz::require(error.message().starts_with("team.yaml:"), "what is written is read back",
                      error.message());
        fuzz::require(fuzz::all_of(error).find(fuzz::canary) == std::string::npos,
                      "no value is quoted", fuzz::all_of(error));
        fuzz::require(fuzz::is_inert(fuzz::all_of(error)), "the message is inert",
                      fuzz::all_of(error));
        return 0;
    }
    check_manifest(text);
    return 0;
}

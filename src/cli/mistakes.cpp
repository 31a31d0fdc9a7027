#include "cli/mistakes.hpp"

#include <algorithm>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::cli {
namespace {

using config::Setting;

// The part of `word` that is certainly a name and not a value; empty if it does not look like one.
std::string_view name_part(std::string_view word) {
    constexpr std::size_t longest = 40;
    const auto name = word.substr(0, word.find('='));
    const auto letters = name.substr(std::min(name.find_first_not_of('-'), name.size()));
    const bool plain = !letters.empty() && letters.size() <= longest && letters.front() >= 'a' &&
                       letters.front() <= 'z' &&
                       std::all_of(letters.begin(), letters.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
    return plain ? name : std::string_view{};
}

std::string help_hint(const Verb* verb) {
    return verb == nullptr ? "bqconn --help lists the verbs"
                           : "bqconn " + std::string(verb->name) + " --help lists the flags";
}

[[noreturn]] void refuse(const std::string& code, const std::string& message,
                         const std::string& hint) {
    throw Error(ExitCode::usage, code, message, hint);
}

}  // namespace

std::vector<std::string_view> flags_of(const Verb& verb) {
    std::vector<std::string_view> flags;
    const auto add = [&flags](std::string_view flag) {
        if (!flag.empty()) {
            flags.push_back(flag);
        }
    };
    for (const Setting setting : verb.settings) {
        add(config::spec_of(setting).flag);
        add(config::spec_of(setting).alias);
    }
    for (const auto& one : verb.switches) {
        add(one.flag);
    }
    for (const auto& one : common_switches()) {
        add(one.flag);
    }
    return flags;
}

void refuse_flag(const Verb& verb, std::string_view word) {
    const auto name = name_part(word);
    if (name.empty()) {
        refuse("usage.unknown_flag", "unknown flag (not shown: it may be a secret)",
               "write a value that begins with \"-\" as --flag=VALUE; " + help_hint(&verb));
    }
    const std::string full = "--" + std::string(name.substr(name.find_first_not_of('-')));
    const auto meant = nearest(full, flags_of(verb));
    refuse("usage.unknown_flag", "unknown flag " + std::string(name),
           meant ? "did you mean " + *meant + "?" : help_hint(&verb));
}

void refuse_extra(const Verb& verb) {
    refuse("usage.unexpected_argument", "unexpected argument (not shown: it may be a secret)",
           "quote a value that contains spaces; " + help_hint(&verb));
}

void refuse_verb(std::span<const std::string> words) {
    std::string_view word = words.front();
    if (word.starts_with('-')) {
        const auto name = name_part(word);
        refuse("usage.unknown_flag",
               name.empty() ? "unknown flag before the verb"
                            : "flag " + std::string(name) + " comes before the verb",
               "write the verb first: bqconn create [flags]");
    }
    std::vector<std::string_view> names;
    for (const auto& verb : verbs()) {
        names.push_back(verb.name);
    }
    std::string shown(name_part(word));
    std::string typed(word);
    if (find_group(word) != nullptr && words.size() > 1) {
        const auto second = name_part(words[1]);
        typed += " " + words[1];
        shown += second.empty() || second.starts_with('-') ? "" : " " + std::string(second);
    }
    const auto meant = nearest(typed, names);
    refuse("usage.unknown_verb", shown.empty() ? "unknown verb" : "unknown verb \"" + shown + "\"",
           meant ? "did you mean \"bqconn " + *meant + "\"?" : help_hint(nullptr));
}

void refuse_missing_value(const Verb& verb, Setting setting, const std::string& flag) {
    refuse(
        "usage.missing_value",
        std::string(config::spec_of(setting).flag) + " needs a value, but is followed by " + flag,
        help_hint(&verb));
}

// CLI11's messages quote values, so this finds the mistake again: a value for a flag that takes
// none, or no value for one that needs it.
void refuse_line(const Verb& verb, const std::vector<std::string>& args) {
    const auto flags = flags_of(verb);
    for (const auto& word : args) {
        const auto name = std::string_view(word).substr(0, word.find('='));
        if (name.size() < word.size() &&
            std::find(flags.begin(), flags.end(), name) != flags.end()) {
            refuse("usage.unwanted_value", std::string(name) + " takes no value", help_hint(&verb));
        }
    }
    if (std::find(flags.begin(), flags.end(), args.back()) != flags.end() || args.back() == "-o") {
        refuse("usage.missing_value", args.back() + " needs a value", help_hint(&verb));
    }
    refuse("usage.command_line", "invalid command line", help_hint(&verb));
}

}  // namespace bqconn::cli

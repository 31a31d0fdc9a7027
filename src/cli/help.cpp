#include "bqconn/cli/help.hpp"

#include <algorithm>

#include "bqconn/core/exit_code.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/output/table.hpp"
#include "bqconn/version.hpp"

namespace bqconn::cli {
namespace {

using commands::Switch;
using commands::Verb;
using commands::VerbGroup;
using config::Group;
using config::Setting;

constexpr std::size_t width = 80;
constexpr std::size_t help_column = 8;

std::string wrapped(std::string_view text, std::size_t indent) {
    std::string out;
    for (const auto& paragraph : split(text, '\n')) {
        const std::string blanks(paragraph.empty() ? 0 : indent, ' ');
        out += output::wrapped(blanks + paragraph, width) + "\n";
    }
    return out;
}

// "-o, --output FORMAT  [BQCONN_OUTPUT]": a short alias comes first. A setting may have no flag.
std::string flag_line(const std::string& flag, const std::string& alias,
                      std::string_view value = {}, std::string_view variable = {}) {
    std::string line = alias.empty()       ? flag
                       : alias.size() == 2 ? alias + ", " + flag
                                           : flag + ", " + alias;
    line += value.empty() ? "" : " " + std::string(value);
    if (!variable.empty()) {
        line += (line.empty() ? "[" : "  [") + std::string(variable) + "]";
    }
    return "  " + line + "\n";
}

std::string setting_help(const config::SettingSpec& spec) {
    const bool has_flag = !spec.flag.empty();
    return flag_line(std::string(spec.flag), std::string(spec.alias),
                     has_flag ? spec.value_name : "", spec.variable) +
           wrapped(spec.help, help_column);
}

std::string switch_help(const Switch& one) {
    return flag_line(std::string(one.flag), std::string(one.alias)) +
           wrapped(one.help, help_column);
}

std::string group_help(const Verb& verb, Group group) {
    std::string out;
    for (const Setting setting : verb.settings) {
        const auto& spec = config::spec_of(setting);
        if (spec.group != group) {
            continue;
        }
        out += setting_help(spec);
        if (setting == Setting::output) {
            out += wrapped("One of " + formats_of(verb), help_column);
        }
    }
    return out;
}

std::string verb_line(const Verb& verb) {
    constexpr std::size_t column = 18;  // the longest name and two blanks
    return "  " + std::string(verb.name) +
           std::string(column - std::min(verb.name.size(), column - 1), ' ') +
           std::string(verb.summary) + "\n";
}

std::string exit_code_help() {
    std::string out;
    for (const auto& row : exit_codes()) {
        const std::string number = std::to_string(static_cast<int>(row.code));
        std::string lines = wrapped(row.meaning, 19);
        const std::string name = std::string(row.name) + std::string(13 - row.name.size(), ' ');
        lines.replace(0, 19, "  " + std::string(2 - number.size(), ' ') + number + "  " + name);
        out += lines;
    }
    return out + "  128+N  stopped by signal N\n";
}

}  // namespace

std::string help_of(const VerbGroup& group) {
    std::string out = std::string(group.summary) + ".\n\nUsage:\n  bqconn " +
                      std::string(group.name) + " VERB [flags]\n\nVerbs:\n";
    for (const auto& verb : commands::verbs()) {
        out += group_of(verb) == group.name ? verb_line(verb) : "";
    }
    return out + "\nFor a verb's help: bqconn " + std::string(group.name) + " VERB --help\n";
}

std::string general_help() {
    std::string out =
        "bqconn manages " + std::string(subject) + ".\n\nUsage:\n  bqconn VERB [flags]\n\nVerbs:\n";
    for (const auto& verb : commands::verbs()) {
        out += verb_line(verb);
    }
    out += "\nFlags:\n";
    for (const auto& one : commands::general_switches) {
        out += "  " + std::string(one.alias) + ", " + std::string(one.flag) +
               std::string(11 - one.flag.size(), ' ') + std::string(one.help) + "\n";
    }
    return out + "\nExamples:\n" + std::string(general_examples) + "\n";
}

std::string help_of(const Verb& verb) {
    std::string out = std::string(verb.summary) + ".\n\nUsage:\n  bqconn " +
                      std::string(verb.usage) + "\n\n" + wrapped(verb.description, 0) +
                      "\nExamples:\n" + std::string(verb.examples) + "\n";
    if (!verb.switches.empty()) {
        out += "\nFlags:\n";
        for (const auto& one : verb.switches) {
            out += switch_help(one);
        }
    }
    for (const Group group : {Group::google, Group::connection, Group::dataflow, Group::manifest,
                              Group::adobe, Group::files, Group::network, Group::output}) {
        const std::string lines = group_help(verb, group);
        // The common switches are listed in the output group, so it is never empty.
        if (!lines.empty() || group == Group::output) {
            out += "\n" + std::string(config::title_of(group)) + ":\n" + lines;
        }
    }
    for (const auto& one : commands::common_switches) {
        out += switch_help(one);
    }
    return out + "\nExit codes:\n" + exit_code_help();
}

std::string version_text(const std::string& curl_version) {
    return "bqconn " + std::string(version) + "\n" + curl_version + "\ncommit " +
           std::string(commit) + "\n";
}

}  // namespace bqconn::cli

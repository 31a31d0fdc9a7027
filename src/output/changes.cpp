#include "bqconn/output/changes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::output {
namespace {

using manifest::Action;
using manifest::Change;

// In the order of Action.
constexpr auto signs = std::to_array<std::string_view>({" ", "+", "~", "±", "-"});
constexpr auto colours = std::to_array<std::string_view>({"", "32", "33", "35", "31"});

// Whether only unused connections are left of a dataflow.
bool is_of_leftovers(const Change& change) {
    return change.dataflow != nullptr && change.dataflow->id.empty();
}

std::string object_name(const Change& change) {
    return (is_of_leftovers(change) ? "unused connections of dataflow "
                                    : std::string(name_of(change.type)) + " ") +
           inert_line(change.name);
}

bool is_shown(const Change& change) {
    return change.action != Action::none || !change.problems.empty() || !change.notes.empty();
}

// Leaves out those with problems, which are counted apart.
std::size_t count(const std::vector<Change>& changes, Action action) {
    return static_cast<std::size_t>(std::count_if(
        changes.begin(), changes.end(),
        [action](const Change& one) { return one.action == action && one.problems.empty(); }));
}

std::string value_of(const std::string& text) {
    constexpr std::size_t longest = 60;
    return text.empty() ? "(none)" : cut_to_width(inert_line(text), longest);
}

std::string line_of(const manifest::Difference& one, Action action, std::size_t width) {
    std::string line = "      " + std::string(one.key);
    line.resize(std::max(line.size(), width + 8), ' ');
    if (action == Action::create || one.key == manifest::credentials_key) {
        return line + value_of(one.to) + "\n";
    }
    return line + value_of(one.from) + " -> " + value_of(one.to) +
           (one.effect == manifest::Effect::replace ? "  (replaces the dataflow)"
            : one.effect == manifest::Effect::fixed ? "  (cannot be changed)"
                                                    : "") +
           "\n";
}

std::string sign_of(Action action, const Style& style) {
    const auto index = static_cast<std::size_t>(action);
    const std::string_view sign = style.ascii && action == Action::replace ? "-/+" : signs[index];
    return styled(sign, style.colour ? colours[index] : "");
}

std::string text_of(const Change& change, const Style& style) {
    std::string text = "  " + sign_of(change.action, style) + " " + object_name(change) +
                       (change.id.empty() ? "" : "  (" + change.id + ")") + "\n";
    std::size_t width = 0;
    for (const auto& one : change.differences) {
        width = std::max(width, one.key.size());
    }
    std::string details;
    for (const auto& one : change.differences) {
        details += line_of(one, change.action, width);
    }
    for (const auto& problem : change.problems) {
        std::string_view start = "      ! ";
        for (const auto& line : split(problem, '\n')) {
            details += std::string(start) + inert_line(line) + "\n";
            start = "      ";
        }
    }
    for (const auto& note : change.notes) {
        details += "      " + inert_line(note) + "\n";
    }
    return text + wrapped(details, style.columns);
}

// The line that says which credentials were not compared.
std::string not_compared(const std::vector<Change>& changes, const Style& style) {
    const auto compared = std::count_if(changes.begin(), changes.end(), [](const Change& one) {
        return one.connection != nullptr && one.wanted != nullptr &&
               !one.has(manifest::credentials_key);
    });
    return compared == 0 ? ""
                         : wrapped("Not compared: the credentials of " + std::to_string(compared) +
                                       (compared == 1 ? " connection" : " connections") +
                                       ", which the service does not return (apply --rotate sends "
                                       "them).\n",
                                   style.columns);
}

std::string_view word_of(const Applied& one) {
    return one.is_unknown()                        ? "unknown"
           : one.error                             ? "failed"
           : !one.not_done.empty()                 ? "not_done"
           : one.change->action == Action::replace ? "replaced"
                                                   : name_of(*one.outcome);
}

json::OrderedJson object_of(const Change& change) {
    return {{"sandboxName", change.sandbox},
            {"type", is_of_leftovers(change) ? "unused_connections" : name_of(change.type)},
            {"name", change.name},
            {"id", json::text_or_null(change.id)},
            {"action", name_of(change.action)}};
}

}  // namespace

std::string text_of(const std::vector<Change>& changes, const Style& style) {
    std::string text;
    std::string sandbox;
    for (const auto& change : changes) {
        if (!is_shown(change)) {
            continue;
        }
        if (change.sandbox != sandbox) {
            sandbox = change.sandbox;
            text += (text.empty() ? "Sandbox " : "\nSandbox ") + inert_line(sandbox) + "\n";
        }
        text += text_of(change, style);
    }
    const auto unchanged = std::to_string(count(changes, Action::none));
    if (text.empty()) {
        return "No changes: the sandboxes match the file (" + unchanged + " unchanged).\n" +
               not_compared(changes, style);
    }
    constexpr auto words = std::to_array<std::pair<Action, std::string_view>>(
        {{Action::create, "to create"},
         {Action::update, "to update"},
         {Action::replace, "to replace (with --replace)"},
         {Action::remove, "to delete"}});
    std::vector<std::string> counts;
    for (const auto& [action, word] : words) {
        if (const auto number = count(changes, action); number > 0) {
            counts.push_back(std::to_string(number) + " " + std::string(word));
        }
    }
    if (const auto number = count_with_problems(changes); number > 0) {
        counts.push_back(std::to_string(number) + " with problems (!)");
    }
    counts.push_back(unchanged + " unchanged");
    return text + "\n" + join(counts, ", ") + "\n" + not_compared(changes, style);
}

json::OrderedJson to_json(const std::vector<Change>& changes) {
    auto list = json::OrderedJson::array();
    for (const auto& change : changes) {
        if (!is_shown(change)) {
            continue;
        }
        json::OrderedJson one = object_of(change);
        one["differences"] = json::OrderedJson::array();
        for (const auto& difference : change.differences) {
            constexpr auto effects =
                std::to_array<std::string_view>({"update", "replace", "fixed"});
            json::OrderedJson shown{{"key", difference.key},
                                    {"from", json::text_or_null(difference.from)},
                                    {"to", json::text_or_null(difference.to)}};
            if (change.action != Action::create) {
                shown["effect"] = effects.at(static_cast<std::size_t>(difference.effect));
            }
            one["differences"].push_back(std::move(shown));
        }
        one["problems"] = change.problems;
        one["notes"] = change.notes;
        list.push_back(std::move(one));
    }
    json::OrderedJson summary;
    for (const Action action : {Action::create, Action::update, Action::replace, Action::remove}) {
        summary[std::string(name_of(action))] = count(changes, action);
    }
    summary["withProblems"] = count_with_problems(changes);
    summary["unchanged"] = count(changes, Action::none);
    return {{"changes", std::move(list)},
            {"summary", std::move(summary)},
            {"notCompared", json::OrderedJson::array({"credentials"})}};
}

std::string text_of(const std::vector<Applied>& results) {
    std::string text;
    for (const auto& one : results) {
        const Change& change = *one.change;
        std::string word(word_of(one));
        std::replace(word.begin(), word.end(), '_', ' ');
        word.resize(std::max(word.size(), std::size_t(10)), ' ');
        text += word + change.sandbox + "  " + object_name(change) +
                (one.id.empty() ? "" : "  (" + one.id + ")") + "\n";
        if (!one.not_done.empty()) {
            text += "          " + inert_line(one.not_done) + "\n";
        }
    }
    return text;
}

json::OrderedJson to_json(const std::vector<Applied>& results) {
    auto list = json::OrderedJson::array();
    for (const auto& one : results) {
        json::OrderedJson document = object_of(*one.change);
        document["id"] = json::text_or_null(one.id);
        document["outcome"] = word_of(one);
        if (!one.not_done.empty()) {
            document["reason"] = one.not_done;
        }
        if (one.error) {
            document["error"] = to_json(*one.error);
        }
        list.push_back(std::move(document));
    }
    return {{"changes", std::move(list)}};
}

}  // namespace bqconn::output

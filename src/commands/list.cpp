// bqconn list: lists the connections of the sandbox, page by page.
#include <algorithm>
#include <charconv>

#include "bqconn/commands/verb.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/output/result.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using flow::Connection;

std::size_t limit_of(const config::Settings& settings) {
    std::size_t limit = SIZE_MAX;
    const std::string text = settings.text_or_default(Setting::limit);
    std::from_chars(text.data(), text.data() + text.size(), limit);
    return limit;
}

struct Order {
    std::string by_service;  // the service's sort key; empty: bqconn sorts
    bool backwards = false;
};

// The service is known to sort only by name and creation time.
Order order_of(const config::Settings& settings) {
    std::string word = settings.text_or_default(Setting::sort);
    const bool backwards = word.starts_with('-');
    word = word.substr(backwards ? 1 : 0);
    const std::string by_service = word == "name" ? "name" : word == "created" ? "createdAt" : "";
    return {by_service.empty() ? "" : (backwards ? "-" : "") + by_service, backwards};
}

void sort_by_update(std::vector<Connection>& connections, bool backwards) {
    std::stable_sort(connections.begin(), connections.end(),
                     [backwards](const Connection& a, const Connection& b) {
                         return backwards ? a.updated_at > b.updated_at
                                          : a.updated_at < b.updated_at;
                     });
}

std::string lines_of(const std::vector<Connection>& connections, Format format) {
    std::string lines;
    for (const auto& one : connections) {
        lines += (format == Format::id ? one.id : json::to_line(output::to_json(one))) + "\n";
    }
    return lines;
}

std::string rendered(const std::vector<Connection>& connections, Format format,
                     const output::Style& style) {
    if (format == Format::text) {
        return output::text_of(connections, style);
    }
    if (format != Format::json) {
        return lines_of(connections, format);
    }
    auto array = json::OrderedJson::array();
    for (const auto& one : connections) {
        array.push_back(output::to_json(one));
    }
    return json::to_line(array) + "\n";
}

void list(Context& context, const Task& task) {
    constexpr int page_size = 100;
    const auto text_of = [&task](Setting setting) {
        return task.settings.has(setting) ? std::optional(task.settings.text(setting))
                                          : std::nullopt;
    };
    const Order order = order_of(task.settings);
    const std::size_t limit = limit_of(task.settings);
    const flow::ConnectionQuery query{.name = text_of(Setting::name),
                                      .state = text_of(Setting::state),
                                      .all_sources = task.has(Flag::all_sources),
                                      .order_by = order.by_service,
                                      .page_size = page_size};
    // Lines are written as pages arrive, so memory use does not grow with the list.
    const bool streamed =
        (task.format == Format::ndjson || task.format == Format::id) && !order.by_service.empty();
    Session session(context, task.settings, access_of(task.settings));
    std::vector<Connection> kept;
    std::size_t count = 0;
    flow::visit_connections(session.service(), query, [&](std::vector<Connection>& page) {
        if (!order.by_service.empty()) {
            page.resize(std::min(page.size(), limit - count));
        }
        count += page.size();
        if (streamed) {
            context.console.result(lines_of(page, task.format));
        } else {
            std::move(page.begin(), page.end(), std::back_inserter(kept));
            context.console.progress(std::to_string(count) + " connections");
        }
        return order.by_service.empty() || count < limit;
    });
    if (streamed) {
        return;
    }
    if (order.by_service.empty()) {
        sort_by_update(kept, order.backwards);
        kept.resize(std::min(kept.size(), limit));
    }
    context.console.page(rendered(kept, task.format, context.console.style()));
}

}  // namespace

Verb list_verb() {
    return {
        .name = "list",
        .summary = "List the Google BigQuery base connections of a sandbox",
        .usage = "list [flags]",
        .description =
            "Lists all Google BigQuery base connections of a sandbox, oldest first. With -o ndjson "
            "(one JSON object per line) or -o id, each page is written as it arrives; if a later "
            "page fails, the lines already written remain.",
        .examples =
            "  # A table on a terminal, a JSON array in a script\n"
            "  bqconn list\n\n"
            "  # Is there one with this name?\n"
            "  bqconn list --name \"Google BigQuery my-project-123\" -o id\n\n"
            "  # Those that are not enabled, however many there are\n"
            "  bqconn list -o ndjson | jq -r 'select(.state != \"enabled\") | .name'\n\n"
            "  # The five changed most recently\n"
            "  bqconn list --sort=-updated --limit 5",
        .switches = {{Flag::all_sources, "--all-sources", "Include connections to other sources"}},
        .settings = with_common({Setting::name, Setting::state, Setting::sort, Setting::limit}),
        .formats = {Format::text, Format::json, Format::ndjson, Format::id},
        .run = list,
    };
}

}  // namespace bqconn::commands

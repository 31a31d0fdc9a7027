// bqconn explore: lists tables, or the columns or sample rows of one table.
#include "bqconn/flow/explore.hpp"

#include "bqconn/commands/verbs.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/output/result.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using output::Format;

void show_tables(Context& context, Format format, const std::vector<flow::Table>& tables) {
    switch (format) {
        case Format::text:
            context.console.page(output::text_of(tables, context.console.style()));
            return;
        case Format::csv:
            context.console.result(output::csv_of(tables));
            return;
        case Format::id: {
            std::string paths;
            for (const auto& one : tables) {
                paths += inert_line(one.path) + "\n";
            }
            context.console.result(paths);
            return;
        }
        default:
            break;
    }
    auto array = json::OrderedJson::array();
    for (const auto& one : tables) {
        array.push_back(output::to_json(one));
    }
    context.console.result(json::to_line(array) + "\n");
}

void show_table(Context& context, Format format, const flow::TableContent& content, bool preview) {
    switch (format) {
        case Format::text:
            context.console.page(output::text_of(content, preview, context.console.style()));
            return;
        case Format::csv:
            context.console.result(output::csv_of(content, preview));
            return;
        case Format::id: {
            std::string names;
            for (const auto& one : content.columns) {
                names += inert_line(one.name) + "\n";
            }
            context.console.result(names);
            return;
        }
        default:
            context.console.result(json::to_line(output::to_json(content)) + "\n");
    }
}

// `id` is empty if the connection is selected by --name.
struct Operands {
    std::vector<std::string> id;
    std::optional<std::string> table;
};

Operands operands_of(const Task& task) {
    Operands operands;
    auto next = task.operands.begin();
    if (!task.settings.has(config::Setting::name) && next != task.operands.end()) {
        operands.id.push_back(*next++);
    }
    if (next != task.operands.end()) {
        operands.table = *next++;
    }
    if (next != task.operands.end()) {
        throw Error(ExitCode::usage, "usage.unexpected_argument", "too many arguments",
                    "give an id or --name, and at most one table");
    }
    if (operands.table && (operands.table->empty() || has_control_character(*operands.table) ||
                           !is_utf8(*operands.table))) {
        throw Error(ExitCode::usage, "usage.invalid_value", "invalid table name",
                    "give it as DATASET.TABLE");
    }
    return operands;
}

}  // namespace

void explore(Context& context, const Task& task) {
    const Operands operands = operands_of(task);
    const bool preview = task.has("--preview");
    if (preview && !operands.table) {
        throw Error(ExitCode::usage, "usage.missing_table", "--preview needs a table",
                    "give one as DATASET.TABLE; without --preview the tables are listed");
    }
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    const std::string id =
        target_id(service, {task.settings, task.switches, operands.id, task.format});
    try {
        if (operands.table) {
            show_table(context, task.format,
                       flow::read_table(service, id, *operands.table, preview), preview);
        } else {
            show_tables(context, task.format, flow::read_tables(service, id));
        }
    } catch (const Error& error) {
        if (error.exit_code() != ExitCode::not_found && error.exit_code() != ExitCode::rejected) {
            throw;
        }
        // Either the connection or the table may be missing; this throws if it is the connection.
        read_target(service, id);
        throw Error(error.exit_code(), error.code(), error.message(),
                    operands.table ? "list the tables: bqconn explore " + id
                                   : "test the credentials: bqconn test " + id)
            .answered_as(error);
    }
}

}  // namespace bqconn::commands

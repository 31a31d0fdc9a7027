#include "bqconn/dataflow/change.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::dataflow {
namespace {

using flow::Operation;
using json::Json;

constexpr std::string_view media_type = "application/vnd.adobe.xed-full+json;version=1";

flow::Api api_of(Part part) {
    return part == Part::mapping ? flow::Api::mappings : flow::Api::flow;
}

// The collection of a part.
std::string path_of(Part part) {
    constexpr auto paths = std::to_array<std::string_view>(
        {"/sourceConnections", "/targetConnections", "/mappingSets", "/flows"});
    return std::string(paths.at(static_cast<std::size_t>(part)));
}

std::string path_of(Part part, const std::string& id) {
    return path_of(part) + "/" + http::percent_encode(id);
}

// "the source connection": how a message names the part.
std::string_view object_of(Part part) {
    constexpr auto objects = std::to_array<std::string_view>(
        {"the source connection", "the target connection", "the mapping set", "the dataflow"});
    return objects.at(static_cast<std::size_t>(part));
}

// --- Bodies

Json with_description(Json body, const std::string& description) {
    if (!description.empty()) {
        body["description"] = description;
    }
    return body;
}

Json source_body(const Plan& plan) {
    Json params = {{"tableName", plan.table}, {"columns", plan.columns}};
    if (!plan.filter.is_null()) {
        params["filters"] = plan.filter;
    }
    return with_description(
        {{"name", plan.name},
         {"baseConnectionId", plan.base_connection_id},
         {"data", {{"format", "tabular"}}},
         {"params", std::move(params)},
         {"connectionSpec",
          {{"id", connection::bigquery_spec_id}, {"version", connection::bigquery_spec_version}}}},
        plan.end_description);
}

Json target_body(const Plan& plan) {
    return with_description(
        {{"name", plan.name},
         {"data", {{"schema", {{"id", plan.schema_id}, {"version", media_type}}}}},
         {"params", {{"dataSetId", plan.dataset_id}}},
         {"connectionSpec", {{"id", lake_spec_id}, {"version", "1.0"}}}},
        plan.end_description);
}

Json flow_body(const Plan& plan, const Chain& chain) {
    Json transformations = Json::array();
    if (!plan.delta_column.empty()) {
        transformations.push_back(
            {{"name", "Copy"}, {"params", {{"deltaColumn", {{"name", plan.delta_column}}}}}});
    }
    transformations.push_back(mapping_transformation(chain[Part::mapping], chain.mapping_version));
    return with_description({{"name", plan.name},
                             {"flowSpec", {{"id", flow_spec_id}, {"version", "1.0"}}},
                             {"sourceConnectionIds", {chain[Part::source]}},
                             {"targetConnectionIds", {chain[Part::target]}},
                             {"transformations", std::move(transformations)},
                             {"options", options_of(plan.partial_percent)},
                             {"scheduleParams", to_json(plan.schedule)}},
                            plan.description.value_or(""));
}

Json body_of(const Plan& plan, Part part, const Chain& chain) {
    switch (part) {
        case Part::source:
            return source_body(plan);
        case Part::target:
            return target_body(plan);
        case Part::mapping:
            return lake::body_of(plan.name, plan.schema_id, plan.mappings);
        case Part::flow:
            break;
    }
    return flow_body(plan, chain);
}

Json patch_entry(const std::string& path, Json value, bool exists = true) {
    return {{"op", exists ? "replace" : "add"}, {"path", path}, {"value", std::move(value)}};
}

// --- Sending

struct StoredPart {
    std::string id;
    std::string detail;  // the version of a mapping set, the etag of anything else
};

// The OutcomeUnknown, with status and request id, for a success response that cannot be read.
[[noreturn]] void refuse_answer(const Operation& operation, const http::Response& response,
                                const std::string& reason) {
    throw flow::outcome_unknown(
        operation, response,
        "the response (HTTP " + std::to_string(response.status) + ") is invalid: " + reason);
}

StoredPart read_stored_part(const http::Response& response, Part part, const Operation& operation) {
    if (part != Part::mapping) {
        try {
            const flow::Stored stored = flow::read_stored(response);
            return {stored.id, stored.etag};
        } catch (const std::runtime_error& error) {
            refuse_answer(operation, response, error.what());
        }
    }
    const Json document = json::parse_or_null(response.body);
    const std::string id = json::string_at(document, "id");
    if (!flow::is_connection_id(id)) {
        refuse_answer(operation, response, "its id is missing or invalid");
    }
    const auto version = json::integer_at(document, "version");
    return {id, version ? std::to_string(*version) : json::string_at(document, "version", "0")};
}

StoredPart create_part(flow::FlowService& service, const flow::Call& call, Part part,
                       const std::string& hint) {
    constexpr int created = 201;
    const Operation operation{.code = "unknown.dataflow",
                              .object = object_of(part),
                              .participle = "created",
                              .look = {},
                              .hint = hint};
    const http::Response response =
        flow::apply(service, call, part == Part::mapping ? flow::any_success : created, operation);
    StoredPart stored = read_stored_part(response, part, operation);
    service.confirm_change();
    return stored;
}

// --- Failures while a chain is created

std::string line_of(Part part, const std::string& id) {
    return "\n  " + std::string(name_of(part)) + "  " + id;
}

// One line for each object that exists.
std::string lines_of(const Chain& chain) {
    std::string lines;
    for (const Part part : parts) {
        lines += chain[part].empty() ? "" : line_of(part, chain[part]);
    }
    return lines;
}

// The command that removes the unused objects of a dataflow.
std::string removal_of(const std::string& name) {
    return "bqconn dataflow delete --leftovers --name " + shell_quoted(name);
}

// Removes what this run created, in reverse order, and throws `cause` with the result.
[[noreturn]] void roll_back(flow::FlowService& service, const Plan& plan, Chain& chain,
                            const std::vector<Part>& created, Part refused, const Error& cause,
                            const Clock& clock) {
    std::string left;
    for (auto part = created.rbegin(); part != created.rend(); ++part) {
        std::string& id = chain[*part];
        try {
            remove_part(service, *part, id, clock);
            id.clear();
        } catch (const Error& error) {
            left += line_of(*part, id) + ": " + error.message();
        }
    }
    const std::string message =
        std::string(object_of(refused)) + " was not created: " + cause.message();
    if (left.empty()) {
        throw Error(
            cause.exit_code(), cause.code(),
            message + (created.empty() ? "" : "\nthe objects that this run created were removed"),
            cause.hint())
            .answered_as(cause);
    }
    throw Error(ExitCode::partial, "partial.dataflow",
                message + "\nthese objects, created by this run, could not be removed:" + left,
                "fix the cause, then remove these: " + removal_of(plan.name))
        .answered_as(cause);
}

// --- What exists already

[[noreturn]] void refuse_found(const std::string& message, const Plan& plan) {
    throw Error(ExitCode::conflict, "conflict.dataflow_parts", message,
                "use another --name, or remove the unused objects: " + removal_of(plan.name));
}

// Keeps the first id of its kind, which must be the only one unless others are ignored.
void keep_first(std::string& kept, const std::string& id, Part part, const Plan& plan,
                Unfit unfit) {
    if (!kept.empty() && kept != id && unfit == Unfit::refused) {
        refuse_found("there are several unused objects named \"" + plan.name + "\" (" +
                         std::string(name_of(part)) + "): " + kept + ", " + id,
                     plan);
    }
    kept = kept.empty() ? id : kept;
}

// Whether the source connection reads the planned columns and rows of the planned table.
bool reads_as_planned(const End& source, const Plan& plan) {
    const auto names_of = [](const Json& columns) {
        std::vector<std::string> names;
        for (const auto& column : columns) {
            names.push_back(json::string_at(column, "name"));
        }
        return names;
    };
    return source.table() == plan.table && json::member(source.params, "filters") == plan.filter &&
           names_of(json::array_at(source.params, "columns")) == names_of(plan.columns);
}

// The chain of the only dataflow with the plan's name. Throws Error (`conflict`) if there are
// several, or if it is not as planned.
Chain planned_chain(flow::FlowService& service, const std::vector<Dataflow>& whole,
                    const std::vector<End>& sources, const Plan& plan) {
    const Dataflow& one = whole.front();
    const json::Json percent = json::member(one.options, "partialIngestionPercent");
    const bool as_planned =
        whole.size() == 1 &&
        std::any_of(sources.begin(), sources.end(),
                    [&](const End& source) {
                        return source.id == one.source_ids.front() &&
                               reads_as_planned(source, plan);
                    }) &&
        one.schedule.frequency == plan.schedule.frequency &&
        one.schedule.interval == plan.schedule.interval &&
        (plan.schedule.is_once() || (one.delta_column == plan.delta_column &&
                                     one.schedule.backfill == plan.schedule.backfill)) &&
        one.description == plan.description.value_or("") &&
        (plan.partial_percent ? percent == *plan.partial_percent : percent.is_null()) &&
        lake::read_mapping_set(service, one.mapping_id).mappings == plan.mappings;
    if (!as_planned) {
        std::string ids;
        for (const auto& other : whole) {
            ids += " " + other.id;
        }
        throw Error(
            ExitCode::conflict, "conflict.dataflow_parts",
            whole.size() == 1 ? "the dataflow" + ids + " named \"" + plan.name +
                                    "\" differs from this command in its table, columns, filter, "
                                    "mapping, schedule, --partial or description"
                              : "several dataflows are named \"" + plan.name + "\":" + ids,
            whole.size() == 1 ? "change it with bqconn dataflow update, or give another --name"
                              : "delete all but one by ID, or give another --name");
    }
    return chain_of(one);
}

}  // namespace

std::string_view name_of(Part part) {
    return object_of(part).substr(std::string_view("the ").size());
}

Json mapping_transformation(const std::string& mapping_id, const std::string& version) {
    const Json number = json::parse_or_null(version);
    return {{"name", "Mapping"},
            {"params",
             {{"mappingId", mapping_id},
              {"mappingVersion", number.is_number_unsigned() ? number : Json(version)}}}};
}

Json options_of(std::optional<double> partial_percent) {
    // Without diagnostics, nobody can find out later why a row was rejected.
    Json options = {{"errorDiagnosticsEnabled", true}};
    if (partial_percent) {
        options["partialIngestionPercent"] = *partial_percent;
    }
    return options;
}

Chain chain_of(const Dataflow& one) {
    const auto first = [](const std::vector<std::string>& ids) {
        return ids.empty() ? std::string() : ids.front();
    };
    return {.ids = {first(one.source_ids), first(one.target_ids), one.mapping_id, one.id},
            .mapping_version = one.mapping_version,
            .etag = one.etag};
}

flow::Call create_call(const Plan& plan, Part part, const Chain& chain) {
    return {.method = http::Method::post,
            .path = path_of(part),
            .body = Secret(body_of(plan, part, chain).dump()),
            .api = api_of(part)};
}

Chain find_parts(flow::FlowService& service, const Plan& plan, Unfit unfit) {
    Users users;
    std::vector<Dataflow> whole;
    const std::vector<End> sources = find_ends(
        service, Side::source, {.name = plan.name, .base_connection_id = plan.base_connection_id});
    std::vector<End> targets = find_ends(service, Side::target, {.name = plan.name});
    const auto is_among = [](const std::vector<End>& ends, const std::vector<std::string>& ids) {
        return std::any_of(ends.begin(), ends.end(), [&ids](const End& end) {
            return std::find(ids.begin(), ids.end(), end.id) != ids.end();
        });
    };
    std::erase_if(targets, [&](const End& end) { return end.dataset_id() != plan.dataset_id; });
    if (sources.empty() && targets.empty()) {
        return {};
    }
    visit_dataflows(service, {.all_sources = true}, [&](const std::vector<Dataflow>& page) {
        for (const auto& one : page) {
            add_uses(one, users);
            if (unfit == Unfit::refused && one.name == plan.name &&
                is_among(sources, one.source_ids) && is_among(targets, one.target_ids)) {
                whole.push_back(one);
            }
        }
        return true;
    });
    Chain chain;
    for (const auto& source : sources) {
        if (users.contains(source.id) || source.table() != plan.table) {
            continue;
        }
        if (reads_as_planned(source, plan)) {
            keep_first(chain[Part::source], source.id, Part::source, plan, unfit);
        } else if (unfit == Unfit::refused) {
            refuse_found("the source connection " + source.id + " named \"" + plan.name +
                             "\" reads other columns or rows",
                         plan);
        }
    }
    for (const auto& target : targets) {
        if (!users.contains(target.id)) {
            keep_first(chain[Part::target], target.id, Part::target, plan, unfit);
        }
    }
    // An unused mapping set alone does not come from an interrupted create: an update leaves one.
    if (chain[Part::source].empty() && chain[Part::target].empty()) {
        return whole.empty() ? chain : planned_chain(service, whole, sources, plan);
    }
    for (const auto& set : lake::find_mapping_sets(service, plan.name)) {
        if (users.contains(set.id) || set.schema_id != plan.schema_id) {
            continue;
        }
        if (set.mappings == plan.mappings) {
            keep_first(chain[Part::mapping], set.id, Part::mapping, plan, unfit);
        } else if (unfit == Unfit::refused) {
            refuse_found(
                "the mapping set " + set.id + " named \"" + plan.name + "\" has different mappings",
                plan);
        }
        if (chain[Part::mapping] == set.id) {
            chain.mapping_version = set.version;
        }
    }
    return chain;
}

void create_parts(flow::FlowService& service, const Plan& plan, Chain& chain, const Clock& clock,
                  const std::function<void(Part part, const std::string& id)>& on_created,
                  std::string_view again) {
    const std::string resume = "to continue, run the same command " + std::string(again) +
                               "; to remove what exists instead: " + removal_of(plan.name);
    std::vector<Part> own;
    for (const Part part : parts) {
        std::string& id = chain[part];
        if (!id.empty()) {
            continue;
        }
        try {
            const StoredPart result =
                create_part(service, create_call(plan, part, chain), part, resume);
            id = result.id;
            if (part == Part::mapping) {
                chain.mapping_version = result.detail;
            } else if (part == Part::flow) {
                chain.etag = result.detail;
            }
        } catch (const flow::OutcomeUnknown& lost) {
            const std::string lines = lines_of(chain);
            throw lines.empty() ? lost : lost.with("these exist:" + lines);
        } catch (const Error& error) {
            if (error.code() != code::interrupted) {
                roll_back(service, plan, chain, own, part, error, clock);
            }
            const std::string lines = lines_of(chain);
            if (lines.empty()) {
                throw;
            }
            throw Error(ExitCode::partial, error.code(), error.message() + "\nthese exist:" + lines,
                        resume);
        }
        own.push_back(part);
        on_created(part, id);
    }
}

Json schedule_operations(const Dataflow& one, const Schedule& schedule) {
    if (one.schedule.is_once()) {
        throw Error(ExitCode::usage, "usage.fixed",
                    "dataflow " + one.id + " runs once, and that cannot be changed",
                    "run it again with bqconn dataflow run, or " + std::string(create_anew));
    }
    Json operations = Json::array({patch_entry("/scheduleParams/frequency", schedule.frequency)});
    if (schedule.interval != one.schedule.interval) {
        operations.push_back(patch_entry("/scheduleParams/interval", schedule.interval));
    }
    return operations;
}

Json options_operation(const Dataflow& one, std::optional<double> partial_percent) {
    Json options = one.options.is_object() ? one.options : Json::object();
    options.erase("partialIngestionPercent");
    options.update(options_of(partial_percent));
    return patch_entry("/options", std::move(options), one.options.is_object());
}

Json mapping_operation(const Dataflow& one, const std::string& mapping_id,
                       const std::string& version) {
    // Found by name: there may be others before it, such as the one with the delta column.
    const auto found =
        std::find_if(one.transformations.begin(), one.transformations.end(),
                     [](const Json& other) { return json::string_at(other, "name") == "Mapping"; });
    if (found == one.transformations.end()) {
        throw Error(ExitCode::conflict, "conflict.no_mapping",
                    "dataflow " + one.id + " has no mapping to replace", std::string(create_anew));
    }
    return patch_entry("/transformations/" + std::to_string(found - one.transformations.begin()),
                       mapping_transformation(mapping_id, version));
}

flow::Call update_call(const std::string& id, const std::string& etag, const Json& operations) {
    return {.method = http::Method::patch,
            .path = path_of(Part::flow, id),
            .body = Secret(operations.dump()),
            .if_match = etag};
}

flow::Stored update(flow::FlowService& service, const std::string& id, const std::string& etag,
                    const Json& operations) {
    constexpr int changed = 200;
    const Operation operation{.code = "unknown.dataflow",
                              .object = object_of(Part::flow),
                              .participle = "changed",
                              .look = "bqconn dataflow get " + id};
    const http::Response response =
        flow::apply(service, update_call(id, etag, operations), changed, operation);
    const StoredPart stored = read_stored_part(response, Part::flow, operation);
    service.confirm_change();
    return {stored.id, stored.detail};
}

flow::Stored update_or_remove(flow::FlowService& service, const Clock& clock, const Dataflow& one,
                              const std::string& etag, const Json& operations,
                              const std::string& mapping_id) {
    try {
        return update(service, one.id, etag, operations);
    } catch (const flow::OutcomeUnknown& lost) {
        throw mapping_id.empty() ? lost
                                 : lost.with("the new mapping set " + mapping_id + " was kept");
    } catch (const Error& error) {
        if (mapping_id.empty()) {
            throw;
        }
        std::string left;
        try {
            remove_part(service, Part::mapping, mapping_id, clock);
        } catch (const Error& other) {
            left = other.message();
        }
        if (left.empty()) {
            throw;
        }
        throw Error(ExitCode::partial, "partial.dataflow",
                    "the dataflow was not changed: " + error.message() + "\nthe new mapping set " +
                        mapping_id + " could not be removed: " + left,
                    error.hint() + "; an unused mapping set does no harm")
            .answered_as(error);
    }
}

flow::Call action_call(const std::string& id, std::string_view action) {
    return {.method = http::Method::post,
            .path = path_of(Part::flow, id) + "/action?op=" + std::string(action)};
}

void act(flow::FlowService& service, const std::string& id, std::string_view action) {
    flow::apply(service, action_call(id, action), flow::any_success,
                {.code = "unknown.dataflow",
                 .object = object_of(Part::flow),
                 .participle = action == "enable" ? "enabled" : "disabled",
                 .look = "bqconn dataflow get " + id});
}

namespace {

// Returns the id of the run that a call started: the response has it bare or in a list.
std::string begin_run(flow::FlowService& service, const flow::Call& call, const std::string& look) {
    const Operation operation{
        .code = "unknown.run", .object = "the run", .participle = "started", .look = look};
    const http::Response response = flow::apply(service, call, flow::any_success, operation);
    const Json document = json::parse_or_null(response.body);
    const Json& items = json::array_at(document, "items");
    const std::string id = json::string_at(items.empty() ? document : items.front(), "id");
    if (!flow::is_connection_id(id)) {
        refuse_answer(operation, response, "its id is missing or invalid");
    }
    return id;
}

bool exists(flow::FlowService& service, Part part, const std::string& id) {
    try {
        switch (part) {
            case Part::source:
                read_end(service, Side::source, id);
                break;
            case Part::target:
                read_end(service, Side::target, id);
                break;
            case Part::mapping:
                lake::read_mapping_set(service, id);
                break;
            case Part::flow:
                read_dataflow(service, id);
                break;
        }
    } catch (const Error& error) {
        if (error.exit_code() == ExitCode::not_found ||
            error.code() == code::connection_not_found) {
            return false;
        }
        throw;
    }
    return true;
}

}  // namespace

flow::Call run_call(const Json& body) {
    return {.method = http::Method::post, .path = "/runs", .body = Secret(body.dump())};
}

std::string start_run(flow::FlowService& service, const Json& body) {
    return begin_run(service, run_call(body),
                     "bqconn dataflow runs " + json::string_at(body, "flowId"));
}

flow::Call retry_call(const std::string& run_id) {
    return {.method = http::Method::post,
            .path = "/runs/" + http::percent_encode(run_id) + "/action?op=re-trigger"};
}

std::string retry_run(flow::FlowService& service, const std::string& run_id,
                      const std::string& flow_id) {
    return begin_run(service, retry_call(run_id), "bqconn dataflow runs " + flow_id);
}

flow::Call remove_call(Part part, const std::string& id) {
    return {.method = http::Method::del, .path = path_of(part, id), .api = api_of(part)};
}

flow::Outcome remove_part(flow::FlowService& service, Part part, const std::string& id,
                          const Clock& clock, bool recover) {
    constexpr int accepted = 202;
    const Operation operation{.code = "unknown.delete",
                              .object = object_of(part),
                              .participle = "deleted",
                              .look = "bqconn dataflow list"};
    const auto look = [&](const flow::OutcomeUnknown& lost) {
        flow::look_until_found(lost, clock, [&](std::string& seen) {
            seen = flow::still_existed;
            return !exists(service, part, id);
        });
    };
    try {
        const http::Response response =
            flow::apply(service, remove_call(part, id), flow::any_success, operation);
        if (response.status == accepted) {
            look(flow::outcome_unknown(operation, response,
                                       "the service has only accepted it (HTTP 202)"));
        }
        return flow::Outcome::deleted;
    } catch (const flow::OutcomeUnknown& lost) {
        if (lost.interrupted() || !recover || lost.status() == accepted) {
            throw;
        }
        look(lost);
        return flow::Outcome::recovered;
    } catch (const Error& error) {
        // The service answers 400 for a connection that it has removed together with its dataflow.
        const bool may_be_absent = error.status() == 400 || error.status() == 404;
        if (may_be_absent && !exists(service, part, id)) {
            return flow::Outcome::absent;
        }
        throw;
    }
}

void remove_chain(flow::FlowService& service, const Dataflow& one, const Users& users,
                  const Clock& clock,
                  const std::function<void(Part part, flow::Outcome outcome)>& on_removed) {
    std::vector<std::pair<Part, std::string>> own;
    const auto add = [&](Part part, const std::string& id) {
        const auto found = users.find(id);
        const bool is_shared = found != users.end() &&
                               std::any_of(found->second.begin(), found->second.end(),
                                           [&](const std::string& user) { return user != one.id; });
        if (!id.empty() && !is_shared) {
            own.emplace_back(part, id);
        }
    };
    add(Part::flow, one.id);
    for (const auto& id : one.target_ids) {
        add(Part::target, id);
    }
    for (const auto& id : one.source_ids) {
        add(Part::source, id);
    }
    add(Part::mapping, one.mapping_id);
    std::string deleted;
    for (auto part = own.begin(); part != own.end(); ++part) {
        try {
            const flow::Outcome outcome = remove_part(service, part->first, part->second, clock);
            deleted += outcome == flow::Outcome::absent ? "" : line_of(part->first, part->second);
            on_removed(part->first, outcome);
        } catch (const Error& error) {
            // Nothing was deleted.
            if (part == own.begin()) {
                throw;
            }
            const bool is_unknown = error.exit_code() == ExitCode::unknown;
            std::string left;
            for (auto rest = is_unknown ? std::next(part) : part; rest != own.end(); ++rest) {
                left += line_of(rest->first, rest->second);
            }
            throw Error(
                is_unknown ? ExitCode::unknown : ExitCode::partial,
                is_unknown || error.code() == code::interrupted ? error.code() : "partial.dataflow",
                error.message() + (deleted.empty() ? "" : "\nthese were deleted:" + deleted) +
                    (left.empty() ? "" : "\nthese are left:" + left),
                "fix the cause, then remove what is left: " + removal_of(one.name))
                .answered_as(error);
        }
    }
}

flow::Call create_mapping_call(const std::string& name, const std::string& schema_id,
                               const lake::Mappings& mappings) {
    return {.method = http::Method::post,
            .path = path_of(Part::mapping),
            .body = Secret(lake::body_of(name, schema_id, mappings).dump()),
            .api = flow::Api::mappings};
}

std::pair<std::string, std::string> create_mapping(flow::FlowService& service,
                                                   const std::string& name,
                                                   const std::string& schema_id,
                                                   const lake::Mappings& mappings) {
    const StoredPart stored =
        create_part(service, create_mapping_call(name, schema_id, mappings), Part::mapping,
                    "run the command again: an unused mapping set does no harm");
    return {stored.id, stored.detail};
}

}  // namespace bqconn::dataflow

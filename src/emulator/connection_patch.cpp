#include "bqconn/emulator/connection_patch.hpp"

#include <string>

#include "bqconn/emulator/connection_body.hpp"
#include "bqconn/emulator/connection_spec.hpp"
#include "bqconn/emulator/flow_resources.hpp"

namespace bqconn::emulator {
namespace {

struct Operation {
    std::string place;  // "operation 1"
    std::string op;
    std::string path;
    Json value;
};

Operation read_operation(const Json& document, std::size_t number) {
    Operation operation;
    operation.place = "operation " + std::to_string(number);
    if (!document.is_object()) {
        throw invalid_body(operation.place + " must be an object");
    }
    for (const auto& item : document.items()) {
        if (item.key() != "op" && item.key() != "path" && item.key() != "value") {
            throw invalid_body(operation.place + " has a member that is none of op, path, value");
        }
    }
    operation.op = text_at(document, "op", operation.place + ": op");
    if (operation.op != "add" && operation.op != "replace" && operation.op != "remove") {
        throw invalid_body(operation.place + ": op must be add, replace or remove");
    }
    operation.path = text_at(document, "path", operation.place + ": path");
    if (document.contains("value") == (operation.op == "remove")) {
        throw invalid_body(operation.place + (operation.op == "remove" ? ": remove takes no value"
                                                                       : ": value is missing"));
    }
    operation.value = document.value("value", Json());
    return operation;
}

std::string text_of(const Operation& operation) {
    if (!operation.value.is_string()) {
        throw invalid_body(operation.place + ": the value must be a string");
    }
    return operation.value.get<std::string>();
}

void refuse_removal(const Operation& operation) {
    if (operation.op == "remove") {
        throw invalid_body(operation.place + ": what is required cannot be removed");
    }
}

void change_name(Resource& connection, const Operation& operation) {
    refuse_removal(operation);
    connection.name = text_of(operation);
    if (connection.name.empty()) {
        throw invalid_body(operation.place + ": the name must not be empty");
    }
}

void change_description(Resource& connection, const Operation& operation) {
    if (operation.op != "add" && !connection.description) {
        throw invalid_body(operation.place + ": there is no description to " + operation.op);
    }
    if (operation.op == "remove") {
        connection.description.reset();
    } else {
        connection.description = text_of(operation);
    }
}

void change_params(Resource& connection, const Operation& operation, Cloud cloud) {
    refuse_removal(operation);
    if (!operation.value.is_object()) {
        throw invalid_body(operation.place + ": the value must be an object");
    }
    if (json::string_at(connection.members.at("connectionSpec"), "id") != bigquery_spec_id) {
        throw invalid_body(operation.place + ": the emulator knows no schema for this connection");
    }
    Json& auth = connection.members.at("auth");
    auth["params"] =
        check_auth_params(operation.value, cloud, auth.at("specName").get<std::string>());
}

}  // namespace

Resource patched_connection(Resource connection, const Json& operations, Cloud cloud) {
    if (!operations.is_array() || operations.empty()) {
        throw invalid_body("it must be an array of operations");
    }
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const Operation operation = read_operation(operations[i], i + 1);
        if (operation.path == "/name") {
            change_name(connection, operation);
        } else if (operation.path == "/description") {
            change_description(connection, operation);
        } else if (operation.path == "/auth/params") {
            change_params(connection, operation, cloud);
        } else {
            throw invalid_body(operation.place +
                               ": path must be /name, /description or /auth/params");
        }
    }
    return connection;
}

}  // namespace bqconn::emulator

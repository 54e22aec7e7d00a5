import { ESLintUtils } from "@typescript-eslint/utils";
import ts from "typescript";

/**
 * Forbids looking up text in a plain object: `table[name]` and `name in table` also find inherited properties, such as
 * `constructor`, and `table[name] = x` can replace its prototype. Names of literal types and positions in lists are
 * allowed.
 */
export const textLookup = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      lookup:
        "A plain object also answers to what every object inherits, such as `constructor`. Use ownEntry or a Map.",
    },
  },
  create(context) {
    const services = ESLintUtils.getParserServices(context);
    const isText = (node) => {
      const type = services.getTypeAtLocation(node);
      const parts = type.isUnion() ? type.types : [type];
      return parts.some((part) => (part.flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral)) !== 0);
    };
    const checker = services.program.getTypeChecker();
    const isList = (node) => {
      const type = checker.getNonNullableType(services.getTypeAtLocation(node));
      return (
        checker.isArrayLikeType(type) ||
        (type.flags & ts.TypeFlags.StringLike) !== 0 ||
        (type.getNumberIndexType() !== undefined && type.getStringIndexType() === undefined)
      );
    };
    return {
      MemberExpression(node) {
        if (!node.computed || !isText(node.property) || isList(node.object)) return;
        context.report({ node, messageId: "lookup" });
      },
      'BinaryExpression[operator="in"]'(node) {
        if (node.left.type !== "PrivateIdentifier" && isText(node.left)) context.report({ node, messageId: "lookup" });
      },
    };
  },
};
